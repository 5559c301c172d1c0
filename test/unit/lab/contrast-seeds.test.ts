import { describe, expect, it } from 'vitest'
import { noFigures } from '../../../src/checkpoints/metrics'
import { labError } from '../../../src/contract/errors'
import { experimentSchema, type ExperimentInput } from '../../../src/contract/experiment'
import type { RunRecord } from '../../../src/contract/record'
import { pairsOf } from '../../../src/lab/contrast-seeds'

const base: ExperimentInput = {
  name: 'x',
  source: { dataset: 'mnist', classes: [0, 1] },
  target: { dataset: 'mnist', classes: [2, 3] },
  pairing: [0, 1],
}

const side = (id: string, changes: Partial<ExperimentInput>, state: RunRecord['state'] = 'finished') => ({
  folder: `/${id}`,
  figures: noFigures,
  record: {
    schema: 2 as const,
    id,
    created: '',
    experiment: experimentSchema.parse({ ...base, ...changes }),
    machinery: null,
    parent: null,
    state,
    rounds: 2,
    labelledTarget: [],
    failure: null,
  },
})
const dann = { adaptation: { method: 'dann' } }
const first = [side('a0', { seed: 0 }), side('a1', { seed: 1 })]
const second = [side('b1', { ...dann, seed: 1 }), side('b0', { ...dann, seed: 0 })]
const target = { ...base.target, seed: 5 }

describe('runs of two methods', () => {
  it('are paired by their seeds, whatever their order', () => {
    const pairs = pairsOf(first, second).pairs.map((pair) => [
      pair.seed,
      pair.first.folder,
      pair.second.folder,
    ])
    expect(pairs).toEqual([
      ['0', '/a0', '/b0'],
      ['1', '/a1', '/b1'],
    ])
  })

  it('pair a seed once where one side has it twice, and say which run was left out', () => {
    const { pairs, repeats } = pairsOf(first, [...second, side('b2', { ...dann, seed: 1 }, 'stopped')])
    expect(pairs.map((pair) => pair.second.folder)).toEqual(['/b0', '/b1'])
    expect(repeats).toEqual([{ run: 'b2', counted: 'b1', seed: '1', outcome: 'unfinished', machinery: [] }])
  })

  it('are no pair where the images are drawn by other seeds', () => {
    expect(() => pairsOf(first.slice(0, 1), [side('b0', { ...dann, seed: 0, target })])).toThrow(
      labError('seeds-differ', { first: '0', second: '0/0/5' }),
    )
  })

  it.each([
    ['a seed is missing', [second[0]], labError('seeds-differ', { first: '0, 1', second: '1' })],
    [
      'a run is not at its end',
      [second[0], side('b0', { ...dann, seed: 0 }, 'stopped')],
      labError('run-unfinished', { run: 'b0' }),
    ],
    [
      'one side is of two experiments',
      [second[0], side('b0', { adaptation: { method: 'dan' }, seed: 0 })],
      labError('runs-differ', { first: 'b1', second: 'b0', setting: 'adaptation.method' }),
    ],
    [
      'the targets are not the same',
      [0, 1].map((seed) => side(`b${String(seed)}`, { seed, target: { ...base.target, classes: [4, 5] } })),
      labError('tasks-differ', { first: 'a0', second: 'b0', setting: 'target.classes' }),
    ],
  ])('are refused where %s', (_, against, error) => {
    expect(() => pairsOf(first, against as typeof second)).toThrow(error)
  })
})
