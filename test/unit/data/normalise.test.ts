import { expect, test } from 'vitest'
import { columnStatistics, normaliserOf, scaledRows, standardised } from '../../../src/data/normalise'

test('rows are scaled to the norm sqrt(length), and zeros stay zeros', () => {
  // ||(3, 4)|| = 5, so the factor is sqrt(2) / 5.
  const root = Math.SQRT2
  const scaled = scaledRows(Float32Array.of(3, 4, 0, 0, -1, 0), 2)
  expect(Array.from(scaled)).toEqual(
    [(3 * root) / 5, (4 * root) / 5, 0, 0, -root, 0].map((value) => Math.fround(value)),
  )
})

test('the mean square of a scaled row is 1', () => {
  const row = scaledRows(Float32Array.of(0.5, -7, 2, 1e-3), 4)
  expect(row.reduce((sum, value) => sum + value * value, 0) / 4).toBeCloseTo(1, 6)
})

test('columns are standardised by the population, and a constant column becomes 0', () => {
  // Column 1: mean 5, deviation sqrt((9 + 1 + 1 + 9) / 4) = sqrt(5); column 2 is constant.
  const values = Float32Array.of(2, 0.1, 4, 0.1, 6, 0.1, 8, 0.1)
  const statistics = columnStatistics(values, 2)
  expect(statistics.means[0]).toBe(5)
  expect(statistics.deviations[0]).toBeCloseTo(Math.sqrt(5), 12)
  expect(statistics.deviations[1]).toBe(1)
  const found = standardised(values, statistics)
  expect(found[0]).toBeCloseTo(-3 / Math.sqrt(5), 6)
  expect(found[6]).toBeCloseTo(3 / Math.sqrt(5), 6)
  for (const index of [1, 3, 5, 7]) expect(Math.abs(found[index] ?? NaN)).toBeLessThan(1e-7)
})

test('a large mean does not cost the deviation its digits', () => {
  const { deviations } = columnStatistics(Float32Array.of(1e6 - 1, 1e6 + 1), 1)
  expect(deviations[0]).toBe(1)
})

test('held-out samples are standardised by the statistics of the samples seen in training', () => {
  const normalise = normaliserOf('z-score', Float32Array.of(0, 2), 1)
  expect(Array.from(normalise(Float32Array.of(0, 2)))).toEqual([-1, 1])
  expect(Array.from(normalise(Float32Array.of(4)))).toEqual([3])
})

test('samples are left unchanged, by "none" as they are, by the others in a copy', () => {
  const values = Float32Array.of(3, 4)
  expect(normaliserOf('none', values, 2)(values)).toBe(values)
  for (const kind of ['l2', 'z-score'] as const) normaliserOf(kind, values, 2)(values)
  expect(Array.from(values)).toEqual([3, 4])
})
