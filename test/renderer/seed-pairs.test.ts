import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import SeedPairsPanel from '../../renderer/panels/SeedPairsPanel.vue'
import { sidesOf } from '../../renderer/panels/sides'
import { labError } from '../../src/contract/errors'
import type { SeedContrast } from '../../src/contract/judging'
import * as fixtures from './fixtures'
import { createHost, mountWith, type TestHost } from './host'

const runs = ['a', 'b', 'c', 'd'].map((id) => ({ id, letter: id.toUpperCase() }))
const seeds = { setting: 'seed', values: [0, 1, 0, 1] }
const method = { setting: 'adaptation.method', values: ['adda', 'adda', 'dann', 'dann'] }

const found: SeedContrast = {
  domain: fixtures.experiment.target,
  differences: [method],
  pairs: [0, 1].map((seed) => ({
    seed: String(seed),
    runs: ['a', 'c'],
    accuracies: [0.9, 0.92],
    difference: 0.02,
  })),
  means: [0.9, 0.92],
  difference: 0.02,
  deviation: 0.003,
  p: 0.5,
  minP: 0.5,
  count: 2042,
  low: -0.001,
  high: 0.041,
  otherWay: [0, 0],
  repeats: [],
}

function panelOf(host: TestHost) {
  const sides = [
    ['a', 'b'],
    ['c', 'd'],
  ] as const
  const panel = mountWith(SeedPairsPanel, host, { sides, runs })
  const result = () => panel.get('[data-testid="seed-pairs-result"]').text()
  return { panel, result, ask: () => panel.get('[data-testid="ask-seed-pairs"]').trigger('click') }
}

it('two experiments with several seeds each are two sides', () => {
  expect(sidesOf({ runs, differences: [seeds, method], repeats: [] })).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ])
})

it.each([
  ['one experiment', [seeds]],
  ['three experiments', [{ setting: 'adaptation.method', values: ['adda', 'dann', 'dan', 'dan'] }]],
  ['one run against three', [{ setting: 'adaptation.method', values: ['adda', 'dann', 'dann', 'dann'] }]],
])('%s are not', (_, differences) => {
  expect(sidesOf({ runs, differences, repeats: [] })).toBeNull()
})

it('one seed trained twice is no second seed of a side', () => {
  const differences = [{ setting: 'seed', values: [0, 0, 0, 1] }, method]
  const repeat = { counted: 'b', seed: '0', outcome: 'same', machinery: [] } as const
  const repeats = [{ ...repeat, run: 'a', machinery: [] }]
  expect(sidesOf({ runs, differences, repeats })).toBeNull()
})

it('says what the seeds show, and how small p can become', async () => {
  const host = createHost({ contrastSeeds: () => found })
  const { result, ask } = panelOf(host)
  expect(result()).toContain('Two experiments over their seeds')
  await ask()
  await flushPromises()
  expect(host.calls.find(({ name }) => name === 'contrastSeeds')?.input).toEqual({
    runs: ['a', 'b'],
    against: ['c', 'd'],
  })
  expect(result()).toContain('Over 2 seeds CD − AB is +0.0200 ± 0.0030 (means 0.9000 and 0.9200)')
  expect(result()).toContain('p = 0.50; with 2 seeds it cannot be smaller than 0.50')
  expect(result()).toContain('There are too few seeds to show')
  expect(result()).not.toContain('do not follow')
})

it.each([
  [{ p: 0.004, minP: 0.002 }, 'The difference is more than seed variation.'],
  [{ p: 0.4, minP: 0.002 }, 'Seed variation alone could explain it.'],
  [{ otherWay: [1, 2] as [number, number] }, '3 of the runs do not follow the chosen pairing'],
])('%j: %s', async (changes, text) => {
  const { result, ask } = panelOf(createHost({ contrastSeeds: () => ({ ...found, ...changes }) }))
  await ask()
  await flushPromises()
  expect(result()).toContain(text)
})

it('says why there is no pair', async () => {
  const { panel, ask } = panelOf(
    createHost({
      contrastSeeds: () => {
        throw labError('seeds-differ', { first: '0, 1', second: '2, 3' })
      },
    }),
  )
  await ask()
  await flushPromises()
  expect(panel.get('[role="alert"]').text()).toContain('have the seeds 0, 1')
})
