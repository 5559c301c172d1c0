/** Helpers that inspect images in tests. */
import { expect } from 'vitest'
import type { Picture } from '../../../src/data/picture'

/** The channels of the pixel at column x and row y. */
export function at({ width, channels, values }: Picture, x: number, y: number): number[] {
  const first = (y * width + x) * channels
  return Array.from(values.subarray(first, first + channels))
}

export function sizes({ width, height, channels, values }: Picture): number[] {
  return [width, height, channels, values.length]
}

/** Asserts that the values are equal up to float rounding. */
export function expectClose(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length)
  found.forEach((value, i) => expect(value).toBeCloseTo(wanted[i] ?? NaN, 5))
}
