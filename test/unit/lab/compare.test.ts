import { expect, it } from 'vitest'
import { differencesOf } from '../../../src/lab/differences'

it('differencesOf names only the settings that differ, lists as wholes, and no name', () => {
  const a = {
    name: 'a',
    seed: 1,
    source: { classes: [0, 1], count: 'all' },
    adaptation: { parameters: { w: 1 } },
    restarts: null,
  }
  const b = {
    name: 'b',
    seed: 1,
    source: { classes: [0, 2], count: 'all' },
    adaptation: { parameters: {} },
    restarts: { most: 3 },
  }
  expect(differencesOf([a, b])).toEqual([
    {
      setting: 'source.classes',
      values: [
        [0, 1],
        [0, 2],
      ],
    },
    { setting: 'adaptation.parameters.w', values: [1, null] },
    { setting: 'restarts.most', values: [null, 3] },
  ])
})
