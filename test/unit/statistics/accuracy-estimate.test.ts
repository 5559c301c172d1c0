import { expect, it } from 'vitest'
import { estimateOf, outlyingShare } from '../../../src/statistics/accuracy-estimate'

/** Two classes: the probability of class 0 of each sample. */
const output = (first: readonly number[], distances: readonly number[] = first.map(() => 0)) => ({
  values: Float32Array.from(first.flatMap((p) => [p, 1 - p])),
  classes: 2,
  distances: Float32Array.from(distances),
})

/** Four of five right; the wrong one is the least certain. */
const source = {
  ...output([0.95, 0.9, 0.1, 0.05, 0.6]),
  labels: Int32Array.of(0, 0, 1, 1, 1),
}

it('the source accuracy, less the confidence lost, times the agreement', () => {
  const found = estimateOf({ source, target: output([0.9, 0.2, 0.7]), agreement: 0.5 })
  expect(found.accuracy).toBeCloseTo(0.5 * (4 / 5 - (4.3 / 5 - 0.8)), 5)
  expect(found.confidence).toBeCloseTo(0.8, 5)
  // Samples without views: nothing is known of agreement.
  const { accuracy } = estimateOf({ source, target: output([0.9, 0.2, 0.7]), agreement: null })
  expect(accuracy).toBeCloseTo(2 * found.accuracy, 5)
})

it('a sample is outlying only if it is both uncertain and far away', () => {
  const known = output([0.95, 0.9, 0.8, 0.05], [1, 2, 3, 4])
  const seen = output([0.6, 0.6, 0.99, 0.99], [9, 0, 9, 0])
  expect(outlyingShare(known, seen)).toBe(0.25)
  expect(outlyingShare(known, known)).toBe(0)
})

it('distances of some samples only: the share is theirs', () => {
  const known = output([0.95, 0.9, 0.8, 0.05], [1, 2, 3, 4])
  expect(outlyingShare(known, { ...output([0.6, 0.99, 0.99]), distances: Float32Array.of(9, 9) })).toBe(0.5)
})

it('source samples without an error, a target of one sample, probabilities of exactly 0', () => {
  const sure = { ...output([1, 0]), labels: Int32Array.of(0, 1) }
  const found = estimateOf({ source: sure, target: output([1]), agreement: null })
  for (const value of Object.values(found)) expect(value).toSatisfy(Number.isFinite)
  expect(found).toMatchObject({ accuracy: 1, confidence: 1, outlying: 0 })
})

it('the temperature and the calibration error are those of the source samples', () => {
  const found = estimateOf({ source, target: output([0.9]), agreement: 1 })
  expect(found.temperature).toBeGreaterThan(0)
  expect(found.calibrationErrorBefore).toBeCloseTo((0.05 + 0.05 + 0.1 + 0.1 + 0.6) / 5, 5)
})
