import fc from 'fast-check'
import { promises as fs } from 'fs'
import { join } from 'path'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { decodeArrays, encodeNpz } from '../../../src/data/stored-arrays'
import { equalImages, imagesOf, type ImageTable } from '../../../src/data/dataset'
import { factsOf, summarise } from '../../../src/data/summary'
import { decodeNpy, encodeNpy } from '../../../src/data/codecs/npy'
import { unpackNpz } from '../../../src/data/codecs/npz-archive'
import { refusalOf } from './support'

async function readFixture(name: string) {
  const bytes = await fs.readFile(join('test', 'fixtures', 'datasets', name))
  return decodeArrays(await unpackNpz(bytes, name), name)
}

/** An array of bytes. */
const bytes = (shape: readonly number[], values?: Uint8Array) =>
  encodeNpy({
    type: '|u1',
    shape,
    bytes: Buffer.from(values ?? new Uint8Array(shape.reduce((product, n) => product * n, 1))),
  })
const floats = (shape: readonly number[], values: readonly number[]) =>
  encodeNpy({ type: '<f4', shape, bytes: Buffer.from(Float32Array.from(values).buffer) })
const integers = (values: readonly number[]) =>
  encodeNpy({ type: '<i4', shape: [values.length], bytes: Buffer.from(Int32Array.from(values).buffer) })

/** An archive of one array whose header claims this uncompressed size. */
function claiming(archive: Uint8Array, bytes: number): Buffer {
  const liar = Buffer.from(archive)
  liar.writeUInt32LE(bytes, liar.lastIndexOf('PK\x01\x02', 'latin1') + 24)
  return liar
}
const unreadable = (problem: string) => ({
  code: 'npz-entry-unreadable',
  params: { file: 'x.npz', entry: 'images.npy', problem },
})

const refusal = (arrays: Record<string, Buffer>) => refusalOf(() => decodeArrays(arrays, 'x.npz'))
const good = { images: bytes([2, 3, 3]), labels: integers([0, 1]) }

/** A table of any size, of bytes or floats, with or without test images. */
const tables = fc
  .record({
    width: fc.integer({ min: 1, max: 5 }),
    height: fc.integer({ min: 1, max: 5 }),
    channels: fc.constantFrom(1 as const, 3 as const),
    counts: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 4 })),
    float: fc.boolean(),
    seed: fc.nat(255),
  })
  .map(({ width, height, channels, counts, float, seed }): ImageTable => {
    const set = (count: number) => {
      const length = count * width * height * channels
      const values = Array.from({ length }, (_, i) => (seed + 37 * i) % 256)
      return {
        pixels: float ? Float32Array.from(values, (value) => value / 255) : Uint8Array.from(values),
        labels: Int32Array.from({ length: count }, (_, i) => (seed + i) % 10),
      }
    }
    const [train, test] = [set(counts[0]), counts[1] === 0 ? null : set(counts[1])]
    return equalImages({ width, height, channels, train, test })
  })

const asPlain = (table: ImageTable) => ({
  ...table,
  train: [table.train.sizes, Array.from(table.train.pixels), Array.from(table.train.labels)],
  test: table.test && [table.test.sizes, Array.from(table.test.pixels), Array.from(table.test.labels)],
})

describe('NPZ', () => {
  it('comes back as it was written', () =>
    fc.assert(
      fc.asyncProperty(tables, async (table) => {
        expect(
          asPlain(imagesOf({ samples: decodeArrays(await unpackNpz(encodeNpz(table), 'x.npz'), 'x.npz') })),
        ).toEqual(asPlain(table))
      }),
    ))

  it("reads numpy's own files: bytes with 64-bit labels", async () => {
    const table = imagesOf({ samples: await readFixture('numpy-bytes.npz') })
    expect([table.train.sizes, table.channels, table.test]).toEqual([{ width: 3, height: 2 }, 1, null])
    expect(Array.from(table.train.pixels)).toEqual(Array.from({ length: 30 }, (_, i) => i))
    expect(Array.from(table.train.labels)).toEqual([0, 1, 2, 1, 0])
  })

  it("reads numpy's own files: packed doubles in colour, with test images", async () => {
    const table = imagesOf({ samples: await readFixture('numpy-floats.npz') })
    expect([table.train.sizes, table.channels]).toEqual([{ width: 2, height: 2 }, 3])
    expect(Array.from(table.train.pixels)).toEqual(Array.from({ length: 48 }, (_, i) => i / 64))
    expect(Array.from(table.train.labels)).toEqual([1, 0, 1, 0])
    expect(Array.from(table.test?.pixels ?? [])).toEqual(Array.from({ length: 12 }, () => 0.5))
    expect(Array.from(table.test?.labels ?? [])).toEqual([1])
  })

  it('reads labels of every whole type', () => {
    for (const [type, size] of [
      ['|u1', 1],
      ['|i1', 1],
      ['<u2', 2],
      ['<i2', 2],
      ['<u4', 4],
      ['<i4', 4],
      ['<u8', 8],
      ['<i8', 8],
    ] as const) {
      const values = Buffer.alloc(2 * size)
      values[size] = 7
      const table = decodeArrays({ ...good, labels: encodeNpy({ type, shape: [2], bytes: values }) }, 'x')
      expect(Array.from(table.train.labels)).toEqual([0, 7])
    }
  })

  it('is refused without its samples, or with its labels under another name, and says what there is', async () => {
    expect(await refusal({ images: good.images, y: good.labels })).toEqual({
      code: 'npz-missing-array',
      params: { file: 'x.npz', array: 'labels', found: 'images, y' },
    })
    expect(await refusal({ labels: good.labels })).toMatchObject({ params: { array: 'images' } })
    expect(await refusal({ ...good, test_labels: good.labels })).toMatchObject({
      params: { array: 'test_images' },
    })
  })

  it('is refused with images of a wrong shape or type', async () => {
    for (const images of [bytes([18]), bytes([2, 3, 3, 2]), bytes([1, 2, 3, 3, 1]), integers([1, 2])]) {
      expect(await refusal({ ...good, images })).toMatchObject({
        code: 'npz-wrong-array',
        params: { array: 'images' },
      })
    }
    expect((await refusal({ ...good, images: bytes([18]) })).params).toMatchObject({ found: '|u1 [18]' })
    expect(await refusal({ features: good.images })).toMatchObject({
      code: 'npz-wrong-array',
      params: { array: 'features', expected: '|u1 [n, d]' },
    })
  })

  it('is refused where little unpacks into very much', async () => {
    const bomb = zipSync({ 'images.npy': new Uint8Array(2 ** 25) })
    expect(await refusalOf(() => unpackNpz(bomb, 'x.npz'))).toEqual({
      code: 'packed-too-densely',
      params: { file: 'x.npz', ratio: 200 },
    })
  })

  it('is refused with no image', async () => {
    expect((await refusal({ images: bytes([0, 3, 3]), labels: integers([]) })).code).toBe('dataset-empty')
  })

  it('is refused with floats outside [0, 1] or that are no number', async () => {
    for (const values of [
      [0, 1.5],
      [-1, 1],
      [0, NaN],
      [0, Infinity],
    ]) {
      expect(await refusal({ images: floats([2, 1, 1], values), labels: good.labels })).toMatchObject({
        code: 'npz-wrong-array',
        params: { array: 'images', expected: '<f4 0 … 1' },
      })
    }
  })

  it('is refused with labels of another number, another type, below -1 or absurd', async () => {
    for (const labels of [
      integers([0]),
      integers([0, 1, 2]),
      floats([2], [0, 1]),
      integers([0, -2]),
      integers([0, 1000]),
      bytes([2, 1]),
    ]) {
      expect(await refusal({ ...good, labels })).toMatchObject({
        code: 'npz-wrong-array',
        params: { array: 'labels' },
      })
    }
  })

  it('is refused where test images are of another size', async () => {
    const test = { test_images: bytes([2, 4, 3]), test_labels: good.labels }
    expect(await refusal({ ...good, ...test })).toMatchObject({
      code: 'npz-wrong-array',
      params: { array: 'test_images', found: '[2, 4, 3, 1]', expected: '[n, 3, 3, 1]' },
    })
  })

  it('is refused where it is no zip, or is cut short', async () => {
    const whole = encodeNpz(
      equalImages({
        width: 2,
        height: 2,
        channels: 1,
        train: { pixels: new Uint8Array(8), labels: new Uint8Array(2) },
        test: null,
      }),
    )
    for (const damaged of [
      strToU8('not a zip'),
      whole.subarray(0, 40),
      whole.subarray(0, whole.length - 30),
    ]) {
      const { code } = await refusalOf(() => unpackNpz(damaged, 'x.npz'))
      expect(code).toBe('npz-damaged')
    }
  })

  it('is refused where an array is cut short, or a pickle', async () => {
    const short = good.images.subarray(0, good.images.length - 1)
    expect(await refusal({ ...good, images: short })).toEqual({
      code: 'npz-damaged',
      params: { file: 'x.npz' },
    })
    const pickle = encodeNpy({ type: '|O', shape: [1], bytes: Buffer.from('cos\nsystem\n') })
    expect(await refusal({ ...good, images: pickle })).toMatchObject({
      code: 'npz-wrong-array',
      params: { found: '|O [1]' },
    })
  })

  it('is refused in column order or with the other byte order', async () => {
    const text = good.images.toString('latin1')
    const column = Buffer.from(text.replace('False,', 'True, '), 'latin1')
    expect((await refusal({ ...good, images: column })).code).toBe('npz-wrong-array')
    const swapped = encodeNpy({ type: '>f4', shape: [2, 1, 1], bytes: Buffer.alloc(8) })
    expect((await refusal({ ...good, images: swapped })).params).toMatchObject({ found: '>f4 [2, 1, 1]' })
  })

  it('is refused where it would unpack to more than a dataset may be, before it does', async () => {
    const bomb = Buffer.from(zipSync({ 'images.npy': new Uint8Array(1000) }))
    const entry = bomb.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'))
    bomb.writeUInt32LE(3_000_000_000, entry + 24)
    expect(await refusalOf(() => unpackNpz(bomb, 'x.npz'))).toEqual({
      code: 'dataset-too-large',
      params: { file: 'x.npz', megabytes: 2861, most: 512 },
    })
  })

  it('is unpacked no further than it claims: a fifth of a megabyte that holds 200 MB of zeros', async () => {
    const liar = claiming(zipSync({ 'images.npy': new Uint8Array(200_000_000) }), 36_000_000)
    expect(liar.length).toBeLessThan(250_000)
    // The last tenth is not valid deflate data: unpacking all of it would give another error.
    liar.fill(0xff, Math.floor(0.9 * liar.length), liar.lastIndexOf('PK\x01\x02', 'latin1'))
    expect(await refusalOf(() => unpackNpz(liar, 'x.npz'))).toEqual(unreadable('longer-than-claimed'))
    const honest = claiming(liar, 200_000_000)
    expect((await refusalOf(() => unpackNpz(honest, 'x.npz'))).code).toBe('packed-too-densely')
  })

  it('is refused where an array is shorter than it claims', async () => {
    const liar = claiming(zipSync({ 'images.npy': new Uint8Array(1000) }), 1001)
    expect(await refusalOf(() => unpackNpz(liar, 'x.npz'))).toEqual(unreadable('shorter-than-claimed'))
  })

  it('is refused where one bit of an array was changed, stored or deflated', async () => {
    for (const level of [0, 6] as const) {
      const whole = Buffer.from(zipSync({ 'images.npy': bytes([2, 3, 3]) }, { level }))
      expect(await unpackNpz(whole, 'x.npz')).toHaveProperty('images')
      // After the local header: 30 bytes and the name.
      const damaged = Buffer.from(whole)
      const place =
        level === 0 ? 30 + 'images.npy'.length + 100 : whole.lastIndexOf('PK\x01\x02', 'latin1') + 16
      damaged[place] = (damaged[place] ?? 0) ^ 1
      expect(await refusalOf(() => unpackNpz(damaged, 'x.npz'))).toEqual(unreadable('checksum-misfit'))
    }
  })

  it('is refused, by the name of the array, where it is encrypted or packed in an unknown way', async () => {
    const withField = (field: number, value: number) => {
      const changed = Buffer.from(zipSync({ 'images.npy': bytes([2, 3, 3]) }))
      changed.writeUInt16LE(value, changed.lastIndexOf('PK\x01\x02', 'latin1') + field)
      return refusalOf(() => unpackNpz(changed, 'x.npz'))
    }
    expect(await withField(8, 1)).toEqual(unreadable('encrypted'))
    expect(await withField(10, 12)).toEqual(unreadable('packing-unknown'))
    expect(await withField(8, 0x41)).toEqual(unreadable('encrypted'))
  })
})

/** Some numbers as an array of a type. */
function numbers(type: string, shape: readonly number[], values: readonly number[]): Buffer {
  const kinds: Record<string, (values: readonly number[]) => ArrayBufferView> = {
    '|u1': (of) => Uint8Array.from(of),
    '<i4': (of) => Int32Array.from(of),
    '<i8': (of) => BigInt64Array.from(of.map(BigInt)),
    '<f4': (of) => Float32Array.from(of),
    '<f8': (of) => Float64Array.from(of),
  }
  const made = kinds[type]?.(values)
  if (made === undefined) throw new Error(type)
  return encodeNpy({ type, shape, bytes: Buffer.from(made.buffer, made.byteOffset, made.byteLength) })
}

describe('vectors', () => {
  it('are read from any type of number, under either name, as they are', () => {
    for (const type of ['|u1', '<i4', '<i8', '<f4', '<f8']) {
      for (const name of ['features', 'images']) {
        const table = decodeArrays(
          { [name]: numbers(type, [2, 3], [1, 2, 3, 4, 5, 200]), labels: good.labels },
          'x.npz',
        )
        expect(table).toEqual({
          kind: 'vector',
          length: 3,
          train: { values: Float32Array.of(1, 2, 3, 4, 5, 200), labels: Int32Array.of(0, 1) },
          test: null,
        })
      }
    }
  })

  it('come back as they were written, also with test vectors', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.boolean(), async (length, hasTest) => {
        const set = (count: number) => ({
          values: Float32Array.from({ length: count * length }, (_, i) => i / 7 - 1),
          labels: Int32Array.from({ length: count }, (_, i) => i - 1),
        })
        const table = { kind: 'vector', length, train: set(3), test: hasTest ? set(2) : null } as const
        expect(decodeArrays(await unpackNpz(encodeNpz(table), 'x.npz'), 'x.npz')).toEqual(table)
      }),
    ))

  it('are refused with a value that is not finite, named by row and column', async () => {
    const cases = [
      ['<f4', NaN, 'NaN'],
      ['<f8', -Infinity, '-Infinity'],
      ['<f8', 1e300, 'Infinity'],
    ] as const
    for (const [type, value, shown] of cases) {
      expect(await refusal({ features: numbers(type, [2, 3], [0, 0, 0, 0, value, 0]) })).toEqual({
        code: 'vector-not-finite',
        params: { file: 'x.npz', array: 'features', row: 1, column: 1, value: shown },
      })
    }
  })

  it('are refused where test vectors have another length or are images, or there are none', async () => {
    const features = floats([1, 2], [0, 1])
    expect(await refusal({ features, test_features: floats([1, 3], [0, 1, 2]) })).toMatchObject({
      code: 'npz-wrong-array',
      params: { array: 'test_features', found: '[1, 3]', expected: '[n, 2]' },
    })
    expect((await refusal({ features, test_images: bytes([1, 2, 3]) })).code).toBe('npz-wrong-array')
    expect((await refusal({ features: floats([0, 3], []) })).code).toBe('dataset-empty')
  })
})

describe('labels', () => {
  it('may be absent, whole or in part', () => {
    const { images } = good
    expect(decodeArrays({ images }, 'x').train.labels).toEqual(Int32Array.of(-1, -1))
    for (const type of ['<i4', '<i8']) {
      const labels = numbers(type, [2], [-1, 4])
      expect(decodeArrays({ images, labels }, 'x').train.labels).toEqual(Int32Array.of(-1, 4))
    }
    const test = decodeArrays({ ...good, test_images: images }, 'x').test
    expect(test?.labels).toEqual(Int32Array.of(-1, -1))
  })

  it('that are absent are no class, count in the totals, and leave no pooled split', () => {
    const summaryOf = (labels: Buffer | undefined, names: string[]) => {
      const samples = decodeArrays({ images: good.images, ...(labels && { labels }) }, 'x')
      return summarise(samples, names, factsOf('x', 'x', 0, []))
    }
    const [none, some] = [summaryOf(undefined, []), summaryOf(integers([-1, 1]), ['0', '1'])]
    expect(none).toMatchObject({ classNames: [], counts: { 'original/train': 2 } })
    expect(none.classCounts).toEqual({ 'original/train': [] })
    expect(some).toMatchObject({ classNames: ['0', '1'], counts: { 'original/train': 2 } })
    expect(some.classCounts).toEqual({ 'original/train': [0, 1] })
  })

  it('are not missed where another array is there that cannot be labels', () => {
    const paths = numbers('<i4', [3], [1, 2, 3])
    expect(decodeArrays({ images: good.images, paths }, 'x').train.labels).toEqual(Int32Array.of(-1, -1))
  })
})

describe('NPY', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 5 }), (shape) => {
        const length = shape.reduce((product, n) => product * n, 4)
        const read = decodeNpy(encodeNpy({ type: '<f4', shape, bytes: Buffer.alloc(length, 7) }), 'x', 'x')
        expect(read).toEqual({ type: '<f4', shape, bytes: Buffer.alloc(length, 7) })
      }),
    )
  })

  it('is refused where it is something else', async () => {
    for (const other of [
      Buffer.alloc(0),
      Buffer.from('hello there, no array'),
      good.images.subarray(0, 20),
    ]) {
      expect((await refusalOf(() => decodeNpy(other, 'x.npy', 'images'))).code).toBe('npz-damaged')
    }
  })
})
