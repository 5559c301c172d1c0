import { expect, it } from 'vitest'
import { estimateSchema, hasForeignSamples } from '../../../src/contract/estimate'
import { bestRoundBy, scoreOf } from '../../../src/contract/score'

const labelFree = {
  entropy: 0.3,
  diversity: 0.6,
  mutualInformation: 0.5,
  agreement: null,
  discriminatorConfusion: null,
  sourceKept: 0.9,
  density: 0.2,
}

it('the best round has the largest score, or the smallest entropy; of equal rounds it is the first', () => {
  const rounds = [
    [2, 0.3],
    [0, 0.4],
    [1, 0.3],
  ] as const
  expect(bestRoundBy('entropy', rounds)).toBe(1)
  expect(bestRoundBy('agreement', rounds)).toBe(0)
})

it('rounds without the score are passed over, and without any there is no best round', () => {
  const rounds = [
    [0, null],
    [1, 0.1],
  ] as const
  expect(bestRoundBy('agreement', rounds)).toBe(1)
  expect(bestRoundBy('agreement', rounds.slice(0, 1))).toBeNull()
})

it('a score of a round is null if it was not measured', () => {
  expect(scoreOf({ labelFree }, 'entropy')).toBe(0.3)
  expect(scoreOf({ labelFree }, 'agreement')).toBeNull()
  expect(scoreOf({ labelFree }, 'estimate')).toBeNull()
  expect(scoreOf({}, 'entropy')).toBeNull()
})

it('a quarter of outlying samples is many', () => {
  expect([0.24, 0.25].map((outlying) => hasForeignSamples({ outlying }))).toEqual([false, true])
  expect(estimateSchema.shape.outlying.safeParse(1.1).success).toBe(false)
})
