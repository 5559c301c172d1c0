import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stream } from '../../../src/data/random'

const many = (draw: () => number, count = 20_000) => Array.from({ length: count }, draw)
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('a stream', () => {
  it('gives the same numbers for the same keys', () => {
    const numbers = () => {
      const random = stream(7, 'weights', 3)
      return [
        random.uniform(),
        random.normal(),
        random.normal(),
        random.integer(10),
        ...random.permutation(9),
      ]
    }
    expect(numbers()).toEqual(numbers())
  })

  it('is pinned: another generator would change every run there is', () => {
    const random = stream(0, 'batches', 1)
    expect([random.uniform(), random.uniform()]).toMatchInlineSnapshot(`
      [
        0.7635384853859475,
        0.5241595530450199,
      ]
    `)
    expect(Array.from(stream(0, 'batches', 1).permutation(8))).toMatchInlineSnapshot(`
      [
        2,
        1,
        4,
        5,
        3,
        6,
        7,
        0,
      ]
    `)
  })

  it('differs by seed, by key and by where a key ends', () => {
    const first = [
      stream(0, 'a'),
      stream(1, 'a'),
      stream(0, 'b'),
      stream(0, 'a', 0),
      stream(0, 'a', '0'),
      stream(0, 'a0'),
    ].map((random) => random.uniform())
    expect(new Set(first).size).toBe(first.length)
  })

  it('draws uniform numbers from [0, 1)', () => {
    const values = many(stream(1, 'uniform').uniform)
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...values)).toBeLessThan(1)
    expect(meanOf(values)).toBeCloseTo(0.5, 2)
    expect(meanOf(values.map((value) => (value - 0.5) ** 2))).toBeCloseTo(1 / 12, 2)
  })

  it('draws normal numbers of mean 0, deviation 1 and no memory', () => {
    const values = many(stream(1, 'normal').normal)
    expect(meanOf(values)).toBeCloseTo(0, 1)
    expect(meanOf(values.map((value) => value ** 2))).toBeCloseTo(1, 1)
    expect(meanOf(values.map((value) => (Math.abs(value) < 1.96 ? 1 : 0)))).toBeCloseTo(0.95, 2)
    expect(meanOf(values.slice(1).map((value, i) => value * (values[i] ?? 0)))).toBeCloseTo(0, 1)
  })

  it('draws every whole number below n about as often', () => {
    const random = stream(1, 'integer')
    const counts = [0, 0, 0, 0, 0]
    for (let i = 0; i < 10_000; i++) {
      const value = random.integer(5)
      counts[value] = (counts[value] ?? NaN) + 1
    }
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200)
  })

  it('permutes: each number once', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(), (n, seed) => {
        const sorted = Array.from(stream(seed, 'order').permutation(n)).sort((a, b) => a - b)
        expect(sorted).toEqual(Array.from({ length: n }, (_, i) => i))
      }),
    )
  })
})
