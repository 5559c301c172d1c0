/** Methods by pairs of domains: which runs a cell summarises, and which it must leave out. */
import { expect, it } from 'vitest'
import { noFigures } from '../../../src/checkpoints/metrics'
import { experimentSchema } from '../../../src/contract/experiment'
import { wilsonInterval } from '../../../src/statistics/interval'
import { cellsOf } from '../../../src/lab/matrix'
import type { ReadRun } from '../../../src/lab/seeds'

interface Told {
  readonly id: string
  readonly day: number
  readonly method?: string
  readonly seed?: number
  readonly target?: string
  readonly rounds?: number
  readonly accuracy: number
}

function run({ id, day, method = 'dann', seed = 0, target = 'usps', rounds = 10, accuracy }: Told): ReadRun {
  const experiment = experimentSchema.parse({
    name: id,
    source: { dataset: 'mnist', classes: [0, 1] },
    // The domain's seed selects the images; another seed is not another pair.
    target: { dataset: target, classes: [0, 1], seed },
    pairing: [0, 1],
    adaptation: { method, epochs: rounds },
    seed,
  })
  const found = {
    accuracy,
    accuracyBestPairing: Math.max(accuracy, 1 - accuracy),
    bestPairing: accuracy >= 0.5 ? [0, 1] : [1, 0],
    count: 100,
  }
  const measures = { target: found, unseenTarget: { ...found, count: 50 } }
  return {
    record: { id, created: `2026-01-0${day}`, experiment },
    figures: { ...noFigures, last: { round: rounds, measures } },
  } as never
}

it('takes the newest of each method and pair with its seeds, and leaves other settings out', () => {
  const { methods, pairs, cells } = cellsOf(
    [
      run({ id: 'old', day: 1, rounds: 2, accuracy: 0.6 }),
      run({ id: 'a', day: 2, accuracy: 0.9 }),
      run({ id: 'b', day: 3, seed: 1, accuracy: 0.94 }),
      run({ id: 'other', day: 1, target: 'mnist', accuracy: 0.7 }),
      run({ id: 'plain', day: 1, method: 'source-only', accuracy: 0.8 }),
    ],
    ['source-only', 'adda', 'dann'],
    ({ adaptation }) => (adaptation.method === 'dann' ? 'best' : 'chosen'),
  )
  expect(methods).toEqual(['source-only', 'dann'])
  const at = (method: string, target: string) =>
    cells.find((cell) => cell.method === method && pairs[cell.pair]?.target.dataset === target)
  const cell = at('dann', 'usps')
  expect(cell).toMatchObject({ runs: ['b', 'a'], leftOut: 1, pairing: 'best' })
  expect(cell?.unseen?.mean).toBeCloseTo(0.92, 12)
  expect(cell?.unseen?.interval).toEqual(wilsonInterval(cell?.unseen?.mean ?? NaN, 50))
  expect(at('dann', 'mnist')?.runs).toEqual(['other'])
  expect(at('source-only', 'mnist')).toBeUndefined()
})

it('has no mean under the chosen pairing where the seeds fall into two camps', () => {
  const { cells } = cellsOf(
    [run({ id: 'a', day: 1, accuracy: 0.98 }), run({ id: 'b', day: 2, seed: 1, accuracy: 0.04 })],
    ['dann'],
    () => 'chosen',
  )
  expect(cells[0]).toMatchObject({ camps: { chosen: 1, other: 1 }, target: null, unseen: null })
  expect(cells[0]?.bestPairing?.mean).toBeCloseTo(0.97, 12)
})
