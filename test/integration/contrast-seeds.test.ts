/** Compares two methods over the seeds of real runs. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seedContrastSchema } from '../../src/contract/judging'
import { openLab, small, smallInput, useProgramsInFile, type Watched } from './programs'

useProgramsInFile()
let watched: Watched
const first: string[] = []
const second: string[] = []

beforeAll(async () => {
  watched = await openLab()
  const adaptation = { ...smallInput.adaptation, epochs: 1 }
  for (const seed of [0, 1]) {
    first.push((await watched.train(small({ seed, adaptation }))).run)
    const other = small({ seed, adaptation: { method: 'dann', epochs: 1, learningRate: 0.001 } })
    second.push((await watched.train(other)).run)
  }
}, 120_000)
afterAll(() => watched.lab.close())

it('takes the last rounds on the unseen target, seed by seed', async () => {
  const { lab } = watched
  const found = await lab.call('contrastSeeds', { runs: first, against: [...second].reverse() })
  expect(seedContrastSchema.safeParse(found).error).toBeUndefined()
  const unseen = async (run: string) => (await lab.call('run', { run })).summary.unseenTargetAccuracy
  expect(found.pairs).toEqual(
    await Promise.all(
      [0, 1].map(async (seed) => {
        const runs = [first[seed] ?? '', second[seed] ?? ''] as const
        const accuracies = [await unseen(runs[0]), await unseen(runs[1])] as const
        return {
          seed: String(seed),
          runs,
          accuracies,
          difference: (accuracies[1] ?? 0) - (accuracies[0] ?? 0),
        }
      }),
    ),
  )
  expect(found.domain).toMatchObject({ split: 'test', classes: ['2', '3'] })
  expect(found.differences).toContainEqual({ setting: 'adaptation.method', values: ['adda', 'dann'] })
  expect(found.difference).toBeCloseTo(found.means[1] - found.means[0], 12)
  expect(found.low).toBeLessThanOrEqual(found.difference)
  expect(found.high).toBeGreaterThanOrEqual(found.difference)
  expect(found).toMatchObject({ minP: 0.5, count: 364 })
})

it('refuses sides that have other seeds', async () => {
  await expect(
    watched.lab.call('contrastSeeds', { runs: first, against: second.slice(1) }),
  ).rejects.toMatchObject({ code: 'seeds-differ', params: { first: '0, 1', second: '1' } })
})
