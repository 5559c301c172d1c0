/** Settings that replace a dataset: what happens to the classes and the pairing of the one before. */
import { describe, expect, it } from 'vitest'
import { withoutStaleClasses } from '../../../src/cli/asked'
import type { SettingText } from '../../../src/contract/check'

const datasets = [
  { id: 'mnist', classNames: ['0', '1', '2', '3'] },
  { id: 'usps', classNames: ['3', '2', '1', '0'] },
  { id: 'folders', classNames: ['1', '2', '3'] },
  { id: 'caf\u00e9', classNames: ['0', '1', '2', '3'] },
]
const published = {
  source: { dataset: 'mnist', classes: ['0', '1'] },
  target: { dataset: 'mnist', classes: ['2', '3'] },
  pairing: [0, 1],
}
const changesFor = (...settings: SettingText[]) => withoutStaleClasses(published, settings, datasets)

describe('a dataset', () => {
  it('of the same classes, in whatever order, keeps those that were chosen', () => {
    expect(changesFor(['target.dataset', 'usps'])).toEqual([])
    expect(changesFor(['source.dataset', 'cafe\u0301'])).toEqual([])
    expect(changesFor(['source.dataset', 'mnist'])).toEqual([])
    expect(changesFor(['seed', '1'], ['target.classes', '0,1'])).toEqual([])
  })

  it('of other classes gives all of them, by name', () => {
    expect(changesFor(['source.dataset', 'folders'])).toEqual([
      ['source.classes', 'all'],
      ['pairing', 'names'],
    ])
    expect(changesFor(['source.dataset', 'usps'], ['target.dataset', 'folders'])).toEqual([
      ['source.classes', 'all'],
      ['target.classes', 'all'],
      ['pairing', 'names'],
    ])
  })

  it('given by a path may have other classes', () => {
    expect(changesFor(['target.dataset', './mine'])).toEqual([
      ['target.classes', 'all'],
      ['pairing', 'names'],
    ])
  })

  it('in an experiment that names none is no replacement', () => {
    expect(withoutStaleClasses({}, [['source.dataset', 'folders']], datasets)).toEqual([])
  })
})
