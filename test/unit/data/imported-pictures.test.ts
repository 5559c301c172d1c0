import { promises as fs } from 'fs'
import { join } from 'path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { noChoices } from '../../../src/contract/reading'
import { encodeNpz } from '../../../src/data/stored-arrays'
import { equalImages, imagesOf } from '../../../src/data/dataset'
import { restoreDataset, trashDataset } from '../../../src/data/dataset-trash'
import { importDataset } from '../../../src/data/import-dataset'
import { encodeIndex, decodeIndex } from '../../../src/data/picture-index'
import { unpackNpz } from '../../../src/data/codecs/npz-archive'
import { listDatasets, openDataset } from '../../../src/data/open-dataset'
import { previewOf } from '../../../src/data/preview'
import { sizeAt, sizesOf } from '../../../src/data/sizes'
import { listTrashedDatasets } from '../../../src/data/trashed'
import { bitmap, decodeBitmap, newFolder, refusalOf } from './support'

const reading = { decode: decodeBitmap, choices: noChoices }
let photos: string
let datasets: string

const put = async (name: string, bytes: Uint8Array) => {
  await fs.mkdir(join(photos, name, '..'), { recursive: true })
  await fs.writeFile(join(photos, name), bytes)
}
const filled = (width: number, height: number, value: number) =>
  bitmap(width, height, new Array<number>(width * height).fill(value))

beforeEach(async () => {
  photos = await newFolder()
  datasets = join(await newFolder(), 'datasets')
  await put('cats/1.bmp', filled(4, 3, 10))
  await put('cats/2.bmp', filled(700, 350, 20))
  await put('dogs/1.bmp', bitmap(1, 1, [200, 100, 50]))
})

const bring = (name = 'pets', options: object = {}) =>
  importDataset(photos, name, datasets, { ...reading, ...options })
const files = async (folder = datasets) => (await fs.readdir(folder)).sort()

describe('a folder of pictures of different sizes', () => {
  it('comes back from the disk as it was read, with its sizes, colours and origins', async () => {
    const summary = await bring()
    expect(summary).toMatchObject({
      ...{ id: 'pets', kind: 'image', width: null, height: null, channels: 3, length: null, reduced: 1 },
      ...{ classNames: ['cats', 'dogs'], counts: { 'original/train': 3 } },
    })
    expect(await files()).toEqual(['pets.json', 'pets.npz', 'pets.pixels'])
    const opened = await openDataset('pets', datasets)
    const read = await openDataset(photos, datasets, { decode: decodeBitmap })
    expect(opened.summary).toEqual(summary)
    expect(imagesOf(opened).train.origins).toEqual(['cats/1.bmp', 'cats/2.bmp', 'dogs/1.bmp'])
    expect(Array.from(imagesOf(opened).train.labels)).toEqual([0, 0, 1])
    expect(imagesOf(opened).train.sizes).toEqual(imagesOf(read).train.sizes)
    expect(Buffer.from(imagesOf(opened).train.pixels).compare(Buffer.from(imagesOf(read).train.pixels))).toBe(
      0,
    )
    expect((await fs.stat(join(datasets, 'pets.pixels'))).size).toBe(3 * (12 + 640 * 320 + 1))
  })

  it('has one size where all pictures have it', async () => {
    await fs.unlink(join(photos, 'cats', '2.bmp'))
    await put('dogs/1.bmp', filled(4, 3, 7))
    expect(await bring()).toMatchObject({ width: 4, height: 3, channels: 1, reduced: 0 })
  })

  it('is previewed as thumbnails of one size, at most 96 a side', async () => {
    const { sample, summary } = await previewOf(photos, 60, reading)
    expect(summary).toMatchObject({ width: null, reduced: 1, counts: { 'original/train': 3 } })
    expect(sample).toMatchObject({ width: 96, height: 96, channels: 3 })
    expect(sample.labels.slice().sort()).toEqual([0, 0, 1])
    expect(Buffer.from(sample.pixels, 'base64')).toHaveLength(3 * 96 * 96 * 3)
    await fs.unlink(join(photos, 'cats', '2.bmp'))
    await put('dogs/1.bmp', filled(4, 3, 7))
    expect((await previewOf(photos, 1, reading)).sample).toMatchObject({ width: 4, height: 3, channels: 1 })
  })

  it('goes to the trash and back with all its files', async () => {
    await bring()
    await trashDataset('pets', datasets)
    expect(await files()).toEqual(['trash'])
    const [trashed] = await listTrashedDatasets(datasets)
    expect(trashed?.bytes).toBeGreaterThan(600_000)
    await restoreDataset('pets', datasets)
    expect(await files()).toEqual(['pets.json', 'pets.npz', 'pets.pixels', 'trash'])
    expect((await openDataset('pets', datasets)).summary.id).toBe('pets')
  })

  it('finishes a move to the trash that was interrupted after the description', async () => {
    await bring()
    const folder = join(datasets, 'trash', 'pets')
    await fs.mkdir(folder, { recursive: true })
    await fs.rename(join(datasets, 'pets.json'), join(folder, 'pets.json'))
    await listTrashedDatasets(datasets)
    expect(await files(folder)).toEqual(['pets.json', 'pets.npz', 'pets.pixels'])
  })
})

describe('an import that the disk cannot hold', () => {
  it('is refused with figures before anything is written, arrays too', async () => {
    const statfs = vi.spyOn(fs, 'statfs').mockResolvedValue({ bavail: 150, bsize: 4096 } as never)
    try {
      expect(await refusalOf(() => bring())).toEqual({
        code: 'dataset-beyond-disk',
        params: { file: photos, needed: '616 kB', free: '614 kB', path: datasets },
      })
      statfs.mockResolvedValue({ bavail: 1, bsize: 1 } as never)
      const file = join(photos, 'x.npz')
      const train = { pixels: new Uint8Array(4), labels: [0, 1, 0, 1] }
      await fs.writeFile(
        file,
        encodeNpz(equalImages({ width: 1, height: 1, channels: 1, train, test: null })),
      )
      const refused = await refusalOf(() => importDataset(file, 'x', datasets, reading))
      expect(refused).toMatchObject({ code: 'dataset-beyond-disk', params: { free: '1 B' } })
      await expect(fs.access(datasets)).rejects.toThrow()
    } finally {
      statfs.mockRestore()
    }
  })
})

describe('damage to an imported folder', () => {
  const change = async (name: string, make: (bytes: Buffer) => Buffer) => {
    const file = join(datasets, name)
    await fs.writeFile(file, make(await fs.readFile(file)))
    return refusalOf(() => openDataset('pets', datasets))
  }
  const flip = (bytes: Buffer) => {
    bytes[7] = (bytes[7] ?? 0) ^ 1
    return bytes
  }

  it('is found in either file, by digest and by length', async () => {
    await bring()
    const pixels = join(datasets, 'pets.pixels')
    const whole = await fs.readFile(pixels)
    expect(await change('pets.pixels', flip)).toEqual({ code: 'dataset-damaged', params: { file: pixels } })
    expect((await change('pets.pixels', () => whole.subarray(1))).code).toBe('dataset-damaged')
    expect((await change('pets.pixels', () => Buffer.concat([whole, whole]))).code).toBe('dataset-damaged')
    await fs.writeFile(pixels, whole)
    expect((await change('pets.npz', flip)).code).toBe('npz-damaged')
  })

  it('is found in an index whose parts do not agree', async () => {
    const train = {
      labels: Int32Array.of(0, 1),
      sizes: sizesOf(Uint16Array.of(2, 3), Uint16Array.of(4, 5)),
      origins: ['a/1', 'b/2'],
    }
    const test = { labels: Int32Array.of(1), sizes: { width: 7, height: 8 }, origins: ['c/3'] }
    const digests = ['00112233aabbccdd', 'ffeeddcc00112233']
    const read = async ({
      digests: hashes = digests,
      ...changed
    }: Partial<typeof train & { digests: string[] }>) =>
      decodeIndex(
        await unpackNpz(encodeIndex({ train: { ...train, ...changed }, test: null, digests: hashes }), 'x'),
        2,
        'x',
      )
    expect(await read({})).toEqual({ train, test: null, digests })
    const both = { train, test, digests: [...digests, '0123456789abcdef'] }
    expect(decodeIndex(await unpackNpz(encodeIndex(both), 'x'), 2, 'x')).toEqual(both)
    const wrong: Parameters<typeof read>[0][] = [
      { labels: Int32Array.of(0, 2) },
      { labels: Int32Array.of(0, -2) },
      { labels: Int32Array.of(0) },
      { origins: ['a/1'] },
      { digests: ['00112233aabbccdd'] },
      { sizes: { width: 0, height: 4 } },
    ]
    for (const changed of wrong) {
      expect((await refusalOf(() => read(changed))).code).toMatch(/^(dataset|npz)-damaged$/)
    }
  })

  it('is found where the description claims another colour or size', async () => {
    await bring()
    const file = join(datasets, 'pets.json')
    const text = await fs.readFile(file, 'utf8')
    for (const [from, to] of [
      ['"channels": 3', '"channels": 1'],
      [/"bytes": \d+/, '"bytes": 9'],
    ] as const) {
      await fs.writeFile(file, text.replace(from, to))
      expect((await refusalOf(() => openDataset('pets', datasets))).code).toBe('dataset-damaged')
    }
  })
})

describe('importing again', () => {
  it('says what changed in the folder, and replaces only where that is asked', async () => {
    await bring()
    expect((await refusalOf(() => bring())).code).toBe('dataset-exists')
    await put('cats/3.bmp', filled(2, 2, 1))
    await put('cats/1.bmp', filled(4, 3, 11))
    await put('dogs/2.bmp', filled(2, 2, 1))
    await fs.unlink(join(photos, 'dogs', '1.bmp'))
    expect(await refusalOf(() => bring('Pets'))).toEqual({
      code: 'dataset-changed',
      params: {
        ...{ name: 'pets', added: 2, removed: 1, changed: 1 },
        files: 'cats/3.bmp, dogs/2.bmp, dogs/1.bmp, …',
      },
    })
    const before = await openDataset('pets', datasets)
    await bring('pets', { replace: true })
    expect((await openDataset('pets', datasets)).summary.counts['original/train']).toBe(4)
    expect((await listTrashedDatasets(datasets)).map(({ dataset }) => dataset.counts)).toEqual([
      before.summary.counts,
    ])
  })

  it('from another folder or under the name of a built-in dataset only says that the name is taken', async () => {
    await bring()
    const other = await newFolder()
    await fs.cp(photos, other, { recursive: true })
    await fs.unlink(join(other, 'cats', '1.bmp'))
    expect((await refusalOf(() => importDataset(other, 'pets', datasets, reading))).code).toBe(
      'dataset-exists',
    )
    expect((await refusalOf(() => bring('mnist', { replace: true }))).code).toBe('dataset-exists')
  })

  it('leaves the present dataset where it is if the new one cannot be read', async () => {
    await bring()
    await put('dogs/bad.bmp', Buffer.from('BM'))
    expect((await refusalOf(() => bring('pets', { replace: true }))).code).toBe('image-undecodable')
    await put('dogs/bad.bmp', filled(4, 4, 1).subarray(0, 40))
    expect((await refusalOf(() => bring('pets', { replace: true }))).code).toBe('image-undecodable')
    expect(await files()).toEqual(['pets.json', 'pets.npz', 'pets.pixels'])
    expect((await openDataset('pets', datasets)).summary.counts['original/train']).toBe(3)
  })
})

describe('datasets of earlier versions', () => {
  it('open as they did: an .npz of bytes with a description of schema 1', async () => {
    await fs.mkdir(datasets, { recursive: true })
    const fixture = join(__dirname, '../../fixtures/datasets')
    for (const name of ['earlier.npz', 'earlier.json'])
      await fs.copyFile(join(fixture, name), join(datasets, name))
    const { summary } = await openDataset('earlier', datasets)
    expect(summary).toMatchObject({
      kind: 'image',
      width: 28,
      height: 28,
      channels: 3,
      length: null,
      reduced: 0,
    })
    expect(summary.classNames).toEqual(['circle', 'square'])
    const { train } = imagesOf(await openDataset('earlier', datasets))
    expect(sizeAt(train.sizes, 3)).toEqual({ width: 28, height: 28 })
    expect(train.origins).toBeUndefined()
    expect((await listDatasets(datasets)).map(({ id }) => id)).toContain('earlier')
  })
})

it('vectors are imported, stored, opened and shown without pictures', async () => {
  const file = join(await newFolder(), 'deep.npz')
  const values = Float32Array.of(0.5, -3, 1e6, 0, 1, 2)
  const table = {
    kind: 'vector',
    length: 3,
    train: { values, labels: Int32Array.of(-1, 0) },
    test: null,
  } as const
  await fs.writeFile(file, encodeNpz(table))
  const preview = await previewOf(file, 60, reading)
  expect(preview.sample).toMatchObject({ labels: [], pixels: '' })
  const summary = await importDataset(file, 'deep', datasets, reading)
  expect(summary).toMatchObject({ kind: 'vector', length: 3, width: null, channels: null })
  expect((await openDataset('deep', datasets)).samples).toEqual(table)
  await trashDataset('deep', datasets)
  await restoreDataset('deep', datasets)
  expect((await openDataset('deep', datasets)).samples).toEqual(table)
})
