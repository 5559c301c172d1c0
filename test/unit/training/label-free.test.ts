/** Label-free scores against NumPy's (test/fixtures/label-free/make.py), and at the limits of their ranges. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  agreement,
  discriminatorConfusion,
  diversity,
  labelFreeOf,
  meanEntropy,
  softNeighbourhoodDensity,
} from '../../../src/training/label-free'

interface Case {
  readonly name: string
  readonly classes: number
  readonly probabilities: readonly number[]
  readonly entropy: number
  readonly diversity: number
  readonly density: number
}
interface Expected {
  readonly cases: readonly Case[]
  readonly confusion: { onSource: number[]; onTarget: number[]; mean: number }
}
const { cases, confusion } = JSON.parse(
  readFileSync('test/fixtures/label-free/expected.json', 'utf8'),
) as Expected
const named = (name: string) => {
  const found = cases.find((one) => one.name === name)
  if (found === undefined) throw new Error(name)
  return { values: Float32Array.from(found.probabilities), classes: found.classes }
}

test.each(cases)('$name: as NumPy has it', (one) => {
  const probabilities = named(one.name)
  expect(meanEntropy(probabilities)).toBeCloseTo(one.entropy, 10)
  expect(diversity(probabilities)).toBeCloseTo(one.diversity, 10)
  expect(softNeighbourhoodDensity(probabilities)).toBeCloseTo(one.density, 10)
})

test("D's confusion: as NumPy has it; the domains count alike, whatever their sizes", () => {
  const { onSource, onTarget, mean } = confusion
  const found = discriminatorConfusion(Float32Array.from(onSource), Float32Array.from(onTarget))
  expect(found).toBeCloseTo(mean, 10)
  expect(discriminatorConfusion(Float32Array.of(1, 0), Float32Array.of(0))).toBeCloseTo(0, 12)
  expect(discriminatorConfusion(Float32Array.of(0.5), Float32Array.of(0.5))).toBeCloseTo(Math.LN2, 12)
})

test('agreement is the share of equal classes', () => {
  expect(agreement(Int32Array.of(0, 1, 1, 0), Int32Array.of(0, 1, 0, 0))).toBe(0.75)
})

test('a collapse scores the best entropy, agreement and density, and no information: never one score alone', () => {
  const collapsed = named('collapsed')
  const found = labelFreeOf({
    target: collapsed,
    sample: collapsed,
    predictions: new Int32Array(4),
    predictionsOfViews: new Int32Array(4),
    verdicts: null,
    sourcePredictions: Int32Array.of(0, 0),
    sourceLabels: Int32Array.of(0, 1),
  })
  expect(found.entropy).toBeCloseTo(0, 12)
  expect(found.agreement).toBe(1)
  expect(found.density).toBeCloseTo(Math.log(3), 12)
  expect(found.mutualInformation).toBeCloseTo(0, 12)
  expect(found.sourceKept).toBe(0.5)
  expect(found.discriminatorConfusion).toBeNull()
})
