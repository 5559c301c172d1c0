import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batches, pairedBatches } from '../../../src/data/batches'
import { stream } from '../../../src/data/random'

const ascending = (indices: readonly number[]) => [...indices].sort((a, b) => a - b)
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i)

describe('batches', () => {
  it('show each image once, all of one size but the last', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 70 }),
        fc.nat(),
        (n, size, seed) => {
          const parts = batches(n, size, stream(seed, 'order'))
          expect(ascending(parts.flatMap((part) => Array.from(part)))).toEqual(upTo(n))
          expect(parts.slice(0, -1).every((part) => part.length === size)).toBe(true)
          expect(parts[parts.length - 1]).toHaveLength(n % size || size)
        },
      ),
    )
  })

  it('keep the last partial one', () => {
    expect(batches(103, 50, stream(0, 'order')).map((part) => part.length)).toEqual([50, 50, 3])
  })

  it('come in another order with another key', () => {
    const order = (epoch: number) => batches(100, 100, stream(0, 'order', epoch))[0]
    expect(order(1)).toEqual(order(1))
    expect(order(1)).not.toEqual(order(2))
  })
})

describe('paired batches', () => {
  it('end with the shorter domain, no image shown twice', () => {
    const count = fc.integer({ min: 1, max: 200 })
    fc.assert(
      fc.property(count, count, fc.integer({ min: 1, max: 60 }), (source, target, size) => {
        const pairs = pairedBatches(source, target, size, stream(0, 's'), stream(0, 't'))
        expect(pairs).toHaveLength(Math.ceil(Math.min(source, target) / size))
        for (const domain of ['source', 'target'] as const) {
          const shown = pairs.flatMap((pair) => Array.from(pair[domain]))
          expect(new Set(shown).size).toBe(shown.length)
        }
        const shorter = source <= target ? 'source' : 'target'
        const all = pairs.flatMap((pair) => Array.from(pair[shorter]))
        expect(all).toHaveLength(Math.min(source, target))
      }),
    )
  })

  it('may differ in length in the last pair', () => {
    const pairs = pairedBatches(70, 60, 50, stream(0, 's'), stream(0, 't'))
    expect(pairs.map((pair) => [pair.source.length, pair.target.length])).toEqual([
      [50, 50],
      [20, 10],
    ])
  })
})
