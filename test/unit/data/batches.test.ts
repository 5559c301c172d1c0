import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  batches,
  epochBatches,
  examplesOf,
  imagesInEpoch,
  pairedBatches,
  type Steps,
} from '../../../src/data/batches'
import { passOrder, stream } from '../../../src/data/random'

const ascending = (indices: readonly number[]) => [...indices].sort((a, b) => a - b)
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i)
const allOf = <Batch>({ count, at }: Steps<Batch>) => upTo(count).map(at)
const orders = { source: passOrder(0, 's', 1), target: passOrder(0, 't', 1) }

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
        const pairs = allOf(pairedBatches({ source, target }, size, null, orders))
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
    const pairs = allOf(pairedBatches({ source: 70, target: 60 }, 50, null, orders))
    expect(pairs.map((pair) => [pair.source.length, pair.target.length])).toEqual([
      [50, 50],
      [20, 10],
    ])
  })
})

describe('an epoch of a number of steps', () => {
  const order = passOrder(7, 'order', 3)

  it('goes through the images again and again, each time in another order, in full batches', () => {
    const parts = allOf(epochBatches(7, 3, 6, order)).map((part) => Array.from(part))
    const passes = [1, 2, 3].map((pass) => Array.from(order(pass).permutation(7)))
    // Two batches of three in a pass; the seventh image is skipped.
    expect(parts).toEqual(passes.flatMap((pass) => [pass.slice(0, 3), pass.slice(3, 6)]))
    expect(passes[0]).not.toEqual(passes[1])
  })

  it('begins as the epoch of one pass does', () => {
    const one = allOf(epochBatches(103, 50, null, order))
    expect(one.map((part) => part.length)).toEqual([50, 50, 3])
    expect(allOf(epochBatches(103, 50, 2, order))).toEqual(one.slice(0, 2))
    expect(order(1).permutation(103)).toEqual(stream(7, 'order', 3).permutation(103))
  })

  it('has the same batch at a step, however it is reached', () => {
    const count = fc.integer({ min: 1, max: 60 })
    fc.assert(
      fc.property(count, count, fc.integer({ min: 1, max: 40 }), (length, size, steps) => {
        const forward = allOf(epochBatches(length, size, steps, order))
        const backward = upTo(steps)
          .reverse()
          .map(epochBatches(length, size, steps, order).at)
        expect(backward.reverse()).toEqual(forward)
        for (const part of forward) {
          expect(part).toHaveLength(Math.min(size, length))
          expect(new Set(part).size).toBe(part.length)
        }
        expect(imagesInEpoch(length, { batch: size, steps })).toBe(
          forward.flatMap((part) => [...part]).length,
        )
      }),
    )
  })

  it('shows a domain that is smaller than a batch whole in each step, in another order', () => {
    const parts = allOf(epochBatches(4, 10, 5, order)).map((part) => Array.from(part))
    for (const part of parts) expect(ascending(part)).toEqual([0, 1, 2, 3])
    expect(new Set(parts.map(String)).size).toBeGreaterThan(1)
  })

  it('lets each domain of a pair begin again by itself', () => {
    const pairs = allOf(pairedBatches({ source: 4, target: 9 }, 3, 6, orders))
    expect(pairs).toEqual(
      upTo(6).map((step) => ({
        source: orders
          .source(step + 1)
          .permutation(4)
          .subarray(0, 3),
        target: orders
          .target(Math.floor(step / 3) + 1)
          .permutation(9)
          .subarray((step % 3) * 3, (step % 3) * 3 + 3),
      })),
    )
  })
})

it('examples have every size of batch that occurs', () => {
  const count = fc.integer({ min: 1, max: 90 })
  const steps = fc.option(fc.integer({ min: 1, max: 30 }))
  const sizes = (pairs: readonly Record<'source' | 'target', Int32Array>[]) =>
    new Set(pairs.map(({ source, target }) => `${source.length}x${target.length}`))
  fc.assert(
    fc.property(count, count, fc.integer({ min: 1, max: 40 }), steps, (source, target, size, given) => {
      const pairs = pairedBatches({ source, target }, size, given, orders)
      expect(sizes(examplesOf(pairs))).toEqual(sizes(allOf(pairs)))
    }),
  )
})
