import fc from 'fast-check'
import { promises as fs } from 'fs'
import { join } from 'path'
import { gzipSync } from 'zlib'
import { describe, expect, it } from 'vitest'
import { type Choices, noChoices } from '../../../src/contract/reading'
import { imagesOf, maxBytes } from '../../../src/data/dataset'
import { decodeIdx, decodeIdxPair, encodeIdx } from '../../../src/data/codecs/idx'
import { holdsIdx, openIdx } from '../../../src/data/codecs/idx-folder'
import { readPath } from '../../../src/data/formats/read'
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

const [i, l] = ['images', 'labels']

async function pairRefusal(imageBytes: Uint8Array, labelBytes: Uint8Array) {
  const files = [
    { bytes: Buffer.from(imageBytes), file: i },
    { bytes: Buffer.from(labelBytes), file: l },
  ] as const
  return { refusal: await refusalOf(() => decodeIdxPair(files[0], files[1])), i, l }
}

const open = (path: string, choices: Partial<Choices> = {}) =>
  openIdx(path, { choices: { ...noChoices, ...choices } })
const read = async (path: string, choices: Partial<Choices> = {}) =>
  (await readPath(path, { choices: { ...noChoices, ...choices } })).samples
const tableOf = async (path: string) => imagesOf({ samples: await read(path) })
const codesOf = async (path: string) => (await open(path)).notes?.map(({ code }) => code)

/** An IDX file of any type. */
function idx(code: number, shape: readonly number[], values: Buffer): Buffer {
  const head = encodeIdx(shape, new Uint8Array(0))
  head[2] = code
  return Buffer.concat([head, values])
}
const bigEndian = (count: number, width: number, put: (bytes: Buffer, i: number) => void): Buffer => {
  const bytes = Buffer.alloc(count * width)
  for (let k = 0; k < count; k++) put(bytes, k)
  return bytes
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
      const table = await tableOf(folder)
      expect([table.train.sizes, table.channels]).toEqual([{ width: 2, height: 2 }, 1])
      expect(Array.from(table.train.labels)).toEqual([0, 2, 1])
      expect(Array.from(table.test?.pixels ?? [])).toEqual(Array.from(pixels))
    }
  })

  it('may have no test images, and any prefix, separator and ending', async () => {
    const names = [
      ['kmnist.images-idx3-ubyte', 'kmnist.labels-idx1-ubyte'],
      ['train-images.idx3-ubyte', 'train-labels.idx1-ubyte'],
      ['train-images-idx3-ubyte.bin', 'train-labels-idx1-ubyte.bin'],
      ['images.idx', 'labels.idx'],
      ['train_images.bin', 'train_labels.bin'],
    ] as const
    for (const [imagesName, labelsName] of names) {
      const table = await tableOf(await write({ [imagesName]: images, [labelsName]: labels }))
      expect(table.test).toBeNull()
      expect(Array.from(table.train.labels)).toEqual([0, 2, 1])
    }
  })

  it('is recognised as packed by its bytes, whatever its names, with anything behind the packed part', async () => {
    const packings: readonly ((bytes: Buffer) => Buffer)[] = [
      (bytes) => bytes,
      gzipSync,
      (bytes) => Buffer.concat([gzipSync(bytes), Buffer.alloc(512)]),
      (bytes) => Buffer.concat([gzipSync(bytes), Buffer.from('written behind')]),
    ]
    for (const pack of packings) {
      for (const ending of ['', '.gz']) {
        const folder = await write({
          [`train-images-idx3-ubyte${ending}`]: pack(images),
          [`train-labels-idx1-ubyte${ending}`]: pack(labels),
        })
        expect(Array.from((await tableOf(folder)).train.pixels)).toEqual(Array.from(pixels))
      }
    }
  })

  it('counts a file and the same file packed as one', async () => {
    const folder = await write({
      ...train,
      'train-images-idx3-ubyte.gz': gzipSync(images),
      'train-labels-idx1-ubyte.gz': gzipSync(labels),
    })
    const { roles, entries } = await open(folder)
    expect(entries.map(({ name }) => name)).toEqual(['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'])
    expect(roles?.testSamples).toBeUndefined()
  })

  it('is unlabelled without its label file, and says so', async () => {
    const folder = await write({ 'train-images-idx3-ubyte': images })
    const { summary, samples } = await readPath(folder, { choices: noChoices })
    expect(Array.from(samples.train.labels)).toEqual([-1, -1, -1])
    expect(summary.notes.map(({ code }) => code)).toEqual(['labels-missing'])
  })

  it('holds values of any type, big-endian', async () => {
    const cases: readonly [code: number, type: string, width: number, write: keyof Buffer][] = [
      [0x09, 'int8', 1, 'writeInt8'],
      [0x0b, 'int16', 2, 'writeInt16BE'],
      [0x0c, 'int32', 4, 'writeInt32BE'],
      [0x0d, 'float32', 4, 'writeFloatBE'],
      [0x0e, 'float64', 8, 'writeDoubleBE'],
    ]
    for (const [code, type, width, method] of cases) {
      const values = bigEndian(6, width, (bytes, k) =>
        (bytes[method] as (value: number, at: number) => void).call(bytes, 7 * k - 20, k * width),
      )
      const folder = await write({ 'features-idx2-any': idx(code, [3, 2], values) })
      expect((await open(folder)).entries[0]?.type).toBe(type)
      const table = await read(folder)
      expect(table.kind === 'vector' && Array.from(table.train.values)).toEqual([-20, -13, -6, 1, 8, 15])
    }
  })

  it('holds images in colour, and floats from 0 to 1', async () => {
    const colour = encodeIdx([1, 2, 2, 3], pixels)
    const table = await tableOf(await write({ 'train-images-idx4-ubyte': colour }))
    expect([table.channels, Array.from(table.train.pixels)]).toEqual([3, Array.from(pixels)])
    const shares = bigEndian(12, 4, (bytes, k) => bytes.writeFloatBE(Math.fround((k * 20) / 255), 4 * k))
    const floats = await tableOf(await write({ 'train-images-idx3-ubyte': idx(0x0d, [3, 2, 2], shares) }))
    expect(Array.from(floats.train.pixels)).toEqual(Array.from(pixels))
  })

  it('takes the first column of the labels of QMNIST, and says so', async () => {
    const rows = bigEndian(24, 4, (bytes, k) => bytes.writeInt32BE(k % 8 === 0 ? k / 8 : 99, 4 * k))
    const folder = await write({
      'qmnist-train-images-idx3-ubyte': images,
      'qmnist-train-labels-idx2-int': idx(0x0c, [3, 8], rows),
    })
    expect(Array.from((await tableOf(folder)).train.labels)).toEqual([0, 1, 2])
    expect(await codesOf(folder)).toEqual(['label-column-first'])
  })

  it('turns the images of EMNIST, and says so', async () => {
    const lying = encodeIdx([1, 2, 3], Uint8Array.from([1, 2, 3, 4, 5, 6]))
    const folder = await write({
      'emnist-digits-train-images-idx3-ubyte.gz': gzipSync(lying),
      'emnist-digits-train-labels-idx1-ubyte.gz': gzipSync(encodeIdx([1], Uint8Array.of(7))),
    })
    const table = await tableOf(folder)
    expect(table.train.sizes).toEqual({ width: 2, height: 3 })
    expect(Array.from(table.train.pixels)).toEqual([1, 4, 2, 5, 3, 6])
    expect(await codesOf(folder)).toEqual(['images-transposed'])
  })

  it("names EMNIST's letters by the mapping beside them, and says how to without one", async () => {
    const files = {
      'emnist-letters-train-images-idx3-ubyte': images,
      'emnist-letters-train-labels-idx1-ubyte': encodeIdx([3], Uint8Array.of(1, 3, 1)),
    }
    const mapped = await write({
      ...files,
      'emnist-letters-mapping.txt': Buffer.from('1 65 97\n2 66 98\n3 67 99\n'),
    })
    const { summary, samples } = await readPath(mapped, { choices: noChoices })
    expect([summary.classNames, Array.from(samples.train.labels)]).toEqual([
      ['A', 'C'],
      [0, 1, 0],
    ])
    expect(summary.notes.map(({ code }) => code)).toEqual(['images-transposed', 'labels-mapped'])
    expect(await codesOf(await write(files))).toEqual(['images-transposed', 'letters-numbered'])
  })

  it('asks which of several datasets is meant', async () => {
    const files = Object.fromEntries(
      ['digits', 'letters'].flatMap((set) =>
        ['train', 'test'].flatMap((split): [string, Buffer][] => [
          [`emnist-${set}-${split}-images-idx3-ubyte`, images],
          [
            `emnist-${set}-${split}-labels-idx1-ubyte`,
            set === 'digits' ? labels : encodeIdx([3], Uint8Array.of(4, 5, 6)),
          ],
        ]),
      ),
    )
    const folder = await write(files)
    const options = ['emnist-digits', 'emnist-letters']
    expect(await refusalOf(() => open(folder))).toEqual({ code: 'sets-several', params: { folder, options } })
    expect(await refusalOf(() => open(folder, { set: 'mnist' }))).toEqual({
      code: 'set-unknown',
      params: { folder, set: 'mnist', options },
    })
    expect(Array.from((await read(folder, { set: 'emnist-letters' })).test?.labels ?? [])).toEqual([0, 1, 2])
  })

  it('is read by one of its files too, with the others of the dataset, and says so', async () => {
    const folder = await write({
      ...train,
      'other-images-idx3-ubyte': images,
      't10k-images-idx3-ubyte': images,
    })
    const arrays = await open(join(folder, 'train-labels-idx1-ubyte'))
    expect(arrays.roles).toMatchObject({
      samples: 'train-images-idx3-ubyte',
      testSamples: 't10k-images-idx3-ubyte',
    })
    expect(arrays.notes).toEqual([
      {
        code: 'idx-files-taken',
        params: {
          count: 3,
          names: ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte'],
        },
      },
    ])
  })

  it('that has them in a subfolder is refused with its name', async () => {
    const folder = await newFolder()
    await fs.mkdir(join(folder, 'MNIST', 'raw'), { recursive: true })
    await fs.writeFile(join(folder, 'MNIST', 'raw', 'train-images-idx3-ubyte'), images)
    const refusal = async (path: string) => refusalOf(() => readPath(path, { choices: noChoices }))
    expect(await refusal(join(folder, 'MNIST'))).toEqual({
      code: 'look-inside',
      params: { folder: join(folder, 'MNIST'), options: ['raw'] },
    })
    expect((await refusal(folder)).params).toMatchObject({ options: ['MNIST/raw'] })
  })

  it('has in all files no more bytes than a dataset may have', async () => {
    const folder = await write({
      ...train,
      't10k-images-idx3-ubyte': images,
      't10k-labels-idx1-ubyte': labels,
    })
    const large = join(folder, 't10k-images-idx3-ubyte')
    // A sparse file, which takes no room and is not read.
    await fs.truncate(large, maxBytes)
    expect(await refusalOf(() => open(folder))).toMatchObject({
      code: 'dataset-too-large',
      params: { file: large },
    })
  })

  const bad: readonly [what: string, files: Record<string, Uint8Array>, refusal: object][] = [
    [
      'labels in place of images',
      { 'train-images-idx3-ubyte': labels, 'train-labels-idx1-ubyte': labels },
      { code: 'idx-not-this-kind', params: { found: '[3]' } },
    ],
    ['labels alone', { 'train-labels-idx1-ubyte': labels }, { code: 'idx-no-samples' }],
    [
      'other content',
      { 'train-images-idx3-ubyte': Buffer.from('not an idx file') },
      { code: 'idx-wrong-magic', params: { found: '0x6e6f7420' } },
    ],
    [
      'a file cut short',
      { 'train-images-idx3-ubyte': images.subarray(0, 20) },
      { code: 'idx-cut-short', params: { found: 20, expected: 28 } },
    ],
    [
      'a header cut short',
      { 'train-images-idx3-ubyte': images.subarray(0, 6) },
      { code: 'idx-cut-short', params: { found: 6, expected: 16 } },
    ],
    [
      'more bytes than announced',
      { 'train-images-idx3-ubyte': Buffer.concat([images, Buffer.of(1)]) },
      { code: 'idx-too-long', params: { found: 29, expected: 28 } },
    ],
    [
      'labels of another number',
      { 'train-images-idx3-ubyte': images, 'train-labels-idx1-ubyte': encodeIdx([2], Uint8Array.of(0, 1)) },
      { code: 'idx-length-mismatch', params: { images: 3, labels: 2 } },
    ],
    [
      'no image',
      { 'train-images-idx3-ubyte': encodeIdx([0, 2, 2], new Uint8Array(0)) },
      { code: 'dataset-empty' },
    ],
    [
      'test images of another size',
      { ...train, 't10k-images-idx3-ubyte': encodeIdx([3, 1, 4], pixels) },
      { code: 'unequal-sizes', params: { found: '4 x 1', expected: '2 x 2' } },
    ],
    [
      'a gzip cut short',
      { 'train-images-idx3-ubyte.gz': gzipSync(images).subarray(0, 30) },
      { code: 'gzip-damaged' },
    ],
    [
      'a little that unpacks into very much',
      { 'train-images-idx3-ubyte.gz': gzipSync(Buffer.alloc(2 ** 25)) },
      { code: 'packed-too-densely', params: { ratio: 200 } },
    ],
    [
      'two files of training images in one dataset',
      { ...train, 'train-images-idx4-ubyte': images },
      { code: 'sets-several' },
    ],
  ]
  it.each(bad)('is refused with %s', async (_, files, refusal) => {
    const folder = await write(files)
    expect(await refusalOf(() => read(folder))).toMatchObject(refusal)
  })

  it('is not taken for one because of other files', async () => {
    const folder = await write({
      'images.txt': Buffer.from([0, 0, 8, 1, 0, 0, 0, 0]),
      'data.bin': Buffer.of(0, 0, 8, 1, 0, 0, 0, 9),
    })
    expect(await holdsIdx(folder, await fs.readdir(folder))).toBe(false)
  })
})
