import { expect, it } from 'vitest'
import { estimateSchema, hasForeignSamples } from '../../../src/contract/estimate'
import { bestRoundBy, scoreOf, type Scored } from '../../../src/contract/score'

const scored = (entropy: number, agreement: number | null): Scored => ({
  labelFree: {
    entropy,
    diversity: 0.6,
    mutualInformation: 0.5,
    agreement,
    discriminatorConfusion: null,
    sourceKept: 0.9,
    density: 0.2,
  },
})

it('the best round has the largest score, or the smallest entropy; of equal rounds it is the first', () => {
  const rounds = [
    [2, scored(0.3, 0.8)],
    [0, scored(0.4, 0.7)],
    [1, scored(0.2, 0.8)],
  ] as const
  expect(bestRoundBy(rounds, 'entropy')).toBe(1)
  expect(bestRoundBy(rounds, 'agreement')).toBe(1)
  expect(bestRoundBy(rounds, 'mutualInformation')).toBe(0)
})

it('rounds without the score are passed over, and without any there is no best round', () => {
  expect(
    bestRoundBy(
      [
        [0, {}],
        [1, scored(0.3, 0.1)],
      ],
      'agreement',
    ),
  ).toBe(1)
  expect(
    bestRoundBy(
      [
        [0, {}],
        [1, scored(0.3, null)],
      ],
      'agreement',
    ),
  ).toBeNull()
  expect(scoreOf(scored(0.3, null), 'estimate')).toBeNull()
})

it('a quarter of outlying samples is many', () => {
  expect([0.24, 0.25].map((outlying) => hasForeignSamples({ outlying }))).toEqual([false, true])
  expect(estimateSchema.shape.outlying.safeParse(1.1).success).toBe(false)
})
