import { describe, expect, it } from 'vitest'
import { expectedCost, type Measured } from '../../../src/statistics/cost-line'

const all = (...points: [images: number, seconds: number, weight?: number][]): Measured[] =>
  points.map(([images, seconds, weight = 1]) => ({ images, seconds, weight }))
const rounded = (measured: readonly Measured[], images: number) => {
  const found = expectedCost(measured, images)
  return found && [found.low, found.likely, found.high].map((value) => Number(value.toFixed(2)))
}

describe('the cost of images', () => {
  it('is a fixed cost and one for each image, where several numbers of images were measured', () => {
    expect(expectedCost(all([100, 3], [1000, 12], [2000, 22]), 4000)?.likely).toBeCloseTo(42, 6)
  })

  it('is the same again for the same number of images, within what one run differs from the next', () => {
    expect(rounded(all([90, 5]), 90)).toEqual([4.55, 5, 5.5])
  })

  it('lies between no cost an image and nothing but that, where one number of images was measured', () => {
    // 5 s for any number of images, or 25 s for five times as many.
    expect(rounded(all([100, 5]), 500)).toEqual([4.55, 15, 27.5])
  })

  it('is moved neither by one disturbed measurement nor below nothing', () => {
    expect(
      expectedCost(all([100, 2], [100, 2.1], [100, 60], [1000, 11], [1000, 11.2]), 1000)?.likely,
    ).toBeLessThan(12)
    // More images in less time must not give a negative cost.
    const found = expectedCost(all([100, 5], [1000, 4]), 10_000)
    expect(found?.low).toBeGreaterThan(0)
  })

  it('follows the measurements that weigh more', () => {
    expect(expectedCost(all([100, 2, 0.1], [100, 2, 0.1], [100, 6, 1]), 100)?.likely).toBeCloseTo(6, 6)
  })

  it('is not known where nothing was measured', () => {
    expect(expectedCost([], 100)).toBeNull()
    expect(expectedCost(all([100, 0]), 100)).toBeNull()
  })
})
