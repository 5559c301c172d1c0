import fc from 'fast-check'
import { promises as fs } from 'fs'
import { join } from 'path'
import { gzipSync } from 'zlib'
import { describe, expect, it } from 'vitest'
import { maxBytes } from '../../../src/data/dataset'
import { decodeIdx, encodeIdx, readIdxPair } from '../../../src/data/codecs/idx'
import { readIdxFolder } from '../../../src/data/codecs/idx-folder'
import { newFolder, refusalOf } from './support'

const pixels = Uint8Array.from({ length: 3 * 2 * 2 }, (_, i) => i * 20)
const images = encodeIdx([3, 2, 2], pixels)
const labels = encodeIdx([3], Uint8Array.from([0, 2, 1]))

/** Writes files and returns their paths. */
async function write(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const folder = await newFolder()
  for (const [name, bytes] of Object.entries(files)) await fs.writeFile(join(folder, name), bytes)
  return folder
}

async function pairRefusal(imageBytes: Uint8Array, labelBytes: Uint8Array, ending = '') {
  const folder = await write({ [`i${ending}`]: imageBytes, [`l${ending}`]: labelBytes })
  const [i, l] = [join(folder, `i${ending}`), join(folder, `l${ending}`)]
  return { refusal: await refusalOf(() => readIdxPair(i, l)), i, l }
}

describe('IDX', () => {
  it('comes back as it was written', () => {
    const dimensions = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(dimensions, fc.nat(255), (shape, first) => {
        const length = shape.reduce((product, n) => product * n, 1)
        const values = Uint8Array.from({ length }, (_, i) => (first + i) % 256)
        const read = decodeIdx(encodeIdx(shape, values), 0x0800 + shape.length, 'file')
        expect(read.shape).toEqual(shape)
        expect(Uint8Array.from(read.values)).toEqual(values)
      }),
    )
  })

  it("has MNIST's header", () => {
    expect(images.subarray(0, 16).toString('hex')).toBe('00000803000000030000000200000002')
  })

  it('is read packed and not', async () => {
    const folder = await write({
      i: images,
      'i.gz': gzipSync(images),
      l: labels,
      'l.gz': gzipSync(labels),
    })
    for (const ending of ['', '.gz']) {
      const read = await readIdxPair(join(folder, `i${ending}`), join(folder, `l${ending}`))
      expect([read.width, read.height, ...read.labels]).toEqual([2, 2, 0, 2, 1])
      expect(Uint8Array.from(read.pixels)).toEqual(pixels)
    }
  })

  it('has in all files of a dataset no more bytes than a dataset may have, packed or not', async () => {
    const packed = await write({ 'i.gz': gzipSync(images), 'l.gz': gzipSync(labels) })
    const [i, l] = [join(packed, 'i.gz'), join(packed, 'l.gz')]
    const rest = images.length + labels.length
    expect(await readIdxPair(i, l, maxBytes - rest)).toMatchObject({ width: 2, height: 2 })
    expect(await refusalOf(() => readIdxPair(i, l, maxBytes - rest + 1))).toMatchObject({
      code: 'dataset-too-large',
      params: { file: l },
    })

    const folder = await write({
      'train-images-idx3-ubyte': images,
      'train-labels-idx1-ubyte': labels,
      't10k-images-idx3-ubyte': images,
      't10k-labels-idx1-ubyte': labels,
    })
    const large = join(folder, 't10k-images-idx3-ubyte')
    // A sparse file, which takes no room and is not read.
    await fs.truncate(large, maxBytes)
    expect(await refusalOf(() => readIdxFolder(folder))).toMatchObject({
      code: 'dataset-too-large',
      params: { file: large },
    })
  })

  it('is refused with a wrong magic', async () => {
    const { refusal, i } = await pairRefusal(Buffer.from('not an idx file'), labels)
    expect(refusal).toEqual({
      code: 'idx-wrong-magic',
      params: { file: i, found: '0x6e6f7420', expected: '0x00000803' },
    })
  })

  it('is refused where labels lie in place of images, and the other way round', async () => {
    expect((await pairRefusal(labels, labels)).refusal.params).toMatchObject({ found: '0x00000801' })
    expect((await pairRefusal(images, images)).refusal.params).toMatchObject({ found: '0x00000803' })
  })

  it('is refused cut short anywhere', async () => {
    for (const length of [0, 3, 4, 15, 16, 27]) {
      const { refusal } = await pairRefusal(images.subarray(0, length), labels)
      expect(refusal.code).toBe(length < 4 ? 'idx-wrong-magic' : 'idx-cut-short')
      if (length > 15) expect(refusal.params).toMatchObject({ found: length, expected: 28 })
    }
  })

  it('is refused with more than its header announces', async () => {
    const { refusal } = await pairRefusal(Buffer.concat([images, Buffer.from([1])]), labels)
    expect(refusal).toMatchObject({ code: 'idx-too-long', params: { found: 29, expected: 28 } })
  })

  it('is refused with a label file of another length', async () => {
    const { refusal, l } = await pairRefusal(images, encodeIdx([2], Uint8Array.from([0, 1])))
    expect(refusal).toEqual({ code: 'idx-length-mismatch', params: { images: 3, labels: 2, file: l } })
  })

  it('is refused where it holds no image', async () => {
    const none = encodeIdx([0], new Uint8Array(0))
    const { refusal } = await pairRefusal(encodeIdx([0, 2, 2], new Uint8Array(0)), none)
    expect(refusal.code).toBe('dataset-empty')
  })

  it('is refused with a damaged gzip: cut short, flipped, or none at all', async () => {
    const packed = gzipSync(images)
    const flipped = Buffer.from(packed)
    flipped[packed.length - 6] = (flipped[packed.length - 6] ?? 0) ^ 0xff
    for (const bytes of [packed.subarray(0, packed.length - 9), flipped, images]) {
      const { refusal, i } = await pairRefusal(bytes, gzipSync(labels), '.gz')
      expect(refusal).toEqual({ code: 'gzip-damaged', params: { file: i } })
    }
  })

  it('is refused where little unpacks into very much', async () => {
    const { refusal, i } = await pairRefusal(gzipSync(Buffer.alloc(2 ** 25)), gzipSync(labels), '.gz')
    expect(refusal).toEqual({ code: 'packed-too-densely', params: { file: i, ratio: 200 } })
  })
})

describe('a folder of IDX files', () => {
  const train = { 'train-images-idx3-ubyte': images, 'train-labels-idx1-ubyte': labels }

  it('has training and test images, under the names in use', async () => {
    for (const test of ['t10k', 'test', 'my-test']) {
      const folder = await write({
        ...train,
        [`${test}-images-idx3-ubyte.gz`]: gzipSync(images),
        [`${test}-labels-idx1-ubyte`]: labels,
      })
      const table = await readIdxFolder(folder)
      expect([table.train.sizes, table.channels]).toEqual([{ width: 2, height: 2 }, 1])
      expect(Array.from(table.train.labels)).toEqual([0, 2, 1])
      expect(Array.from(table.test?.labels ?? [])).toEqual([0, 2, 1])
    }
  })

  it('may have no test images, and any prefix', async () => {
    const folder = await write({ 'kmnist.images-idx3-ubyte': images, 'kmnist.labels-idx1-ubyte': labels })
    expect((await readIdxFolder(folder)).test).toBeNull()
  })

  it('is refused without its label file, which is named', async () => {
    const folder = await write({ 'train-images-idx3-ubyte': images })
    expect(await refusalOf(() => readIdxFolder(folder))).toEqual({
      code: 'file-not-found',
      params: { file: join(folder, 'train-labels-idx1-ubyte') },
    })
  })

  it('is refused where it is not clear which images are for training', async () => {
    const folder = await write({ ...train, 'other-images-idx3-ubyte': images })
    expect(await refusalOf(() => readIdxFolder(folder))).toEqual({
      code: 'unknown-format',
      params: { file: folder },
    })
  })

  it('is refused where test images are of another size', async () => {
    const folder = await write({
      ...train,
      't10k-images-idx3-ubyte': encodeIdx([3, 1, 4], pixels),
      't10k-labels-idx1-ubyte': labels,
    })
    expect(await refusalOf(() => readIdxFolder(folder))).toMatchObject({
      code: 'unequal-sizes',
      params: { found: '4 x 1', expected: '2 x 2' },
    })
  })
})
