/** Any images and arrays written in a dataset format are read back unchanged. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeArrays, encodeNpz } from '../../../src/data/stored-arrays'
import { equalImages, imagesOf } from '../../../src/data/dataset'
import { unpackNpz } from '../../../src/data/codecs/npz-archive'
import { decodeIdx, decodeIdxPair, encodeIdx } from '../../../src/data/codecs/idx'
import { decodeNpy, encodeNpy } from '../../../src/data/codecs/npy'

const dimensions = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 })
const product = (shape: readonly number[]) => shape.reduce((all, length) => all * length, 1)
const filled = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

const types = {
  '|u1': 1,
  '|i1': 1,
  '<u2': 2,
  '<i2': 2,
  '<u4': 4,
  '<i4': 4,
  '<u8': 8,
  '<i8': 8,
  '<f4': 4,
  '<f8': 8,
}

it('an array as NPY, of every type that is read', () => {
  const arrays = fc
    .tuple(fc.constantFrom(...Object.keys(types)), fc.oneof(fc.constant([]), dimensions))
    .chain(([type, shape]) =>
      filled(product(shape) * types[type as keyof typeof types]).map((values) => ({
        type,
        shape,
        bytes: Buffer.from(values),
      })),
    )
  fc.assert(
    fc.property(arrays, (array) => {
      const encoded = encodeNpy(array)
      expect(decodeNpy(encoded, 'file', 'array')).toEqual(array)
      expect((encoded.length - array.bytes.length) % 64).toBe(0)
    }),
    { numRuns: 300 },
  )
})

it('an array as IDX', () => {
  const arrays = dimensions.chain((shape) => filled(product(shape)).map((values) => ({ shape, values })))
  fc.assert(
    fc.property(arrays, ({ shape, values }) => {
      const decoded = decodeIdx(encodeIdx(shape, values), 0x0800 + shape.length, 'file')
      expect(decoded.shape).toEqual(shape)
      expect([...decoded.values]).toEqual([...values])
    }),
    { numRuns: 300 },
  )
})

const side = fc.integer({ min: 1, max: 5 })
const count = fc.integer({ min: 1, max: 8 })

it('images with their labels as a pair of IDX files', () => {
  const pairs = fc
    .tuple(count, side, side)
    .chain(([n, height, width]) =>
      fc.tuple(fc.constant({ n, height, width }), filled(n * height * width), filled(n)),
    )
  fc.assert(
    fc.property(pairs, ([{ n, height, width }, pixels, labels]) => {
      const read = decodeIdxPair(
        { bytes: encodeIdx([n, height, width], pixels), file: 'images' },
        { bytes: encodeIdx([n], labels), file: 'labels' },
      )
      expect(read).toMatchObject({ width, height })
      expect([...read.pixels]).toEqual([...pixels])
      expect([...read.labels]).toEqual([...labels])
    }),
  )
})

const labels = (n: number) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: n, maxLength: n })

function split(n: number, size: number, asFloats: boolean) {
  const pixels = asFloats
    ? fc
        .array(fc.integer({ min: 0, max: 255 }), { minLength: n * size, maxLength: n * size })
        .map((values) => Float32Array.from(values, (value) => value / 255))
    : filled(n * size)
  return fc.record({ pixels, labels: labels(n).map((values) => Int32Array.from(values)) })
}

it('a dataset as NPZ, bytes or numbers, with a test split or without', () => {
  const tables = fc
    .tuple(count, fc.option(count), side, side, fc.constantFrom(1 as const, 3 as const), fc.boolean())
    .chain(([n, tests, height, width, channels, asFloats]) => {
      const size = height * width * channels
      return fc.record({
        width: fc.constant(width),
        height: fc.constant(height),
        channels: fc.constant(channels),
        train: split(n, size, asFloats),
        test: tests === null ? fc.constant(null) : split(tests, size, asFloats),
      })
    })
  return fc.assert(
    fc.asyncProperty(tables, async (table) => {
      const bytes = encodeNpz(equalImages(table))
      const read = imagesOf({ samples: decodeArrays(await unpackNpz(bytes, 'file'), 'file') })
      expect(read.channels).toBe(table.channels)
      expect(read.train.sizes).toEqual({ width: table.width, height: table.height })
      for (const part of ['train', 'test'] as const) {
        const [before, after] = [table[part], read[part]]
        expect(after === null).toBe(before === null)
        expect([...(after?.pixels ?? [])]).toEqual([...(before?.pixels ?? [])])
        expect([...(after?.labels ?? [])]).toEqual([...(before?.labels ?? [])])
      }
    }),
  )
})
