import { promises as fs, writeFileSync } from 'fs'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { listImageFolder } from '../../../src/data/image-files'
import { noChoices } from '../../../src/contract/reading'
import {
  readImageFiles,
  type DecodedImage,
  type DecodeImage,
  type ImageReading,
} from '../../../src/data/image-folder'
import { pictureAt } from '../../../src/data/dataset'
import { refuseBeyondMemory } from '../../../src/data/memory'
import { sizeAt } from '../../../src/data/sizes'
import { bitmap, bitmapHeader, decodeBitmap, newFolder, refusalOf } from './support'

/** A folder with these files; a name that ends in `/` is a folder. */
async function folderOf(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const folder = await newFolder()
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(folder, name)
    await fs.mkdir(name.endsWith('/') ? path : join(path, '..'), { recursive: true })
    if (!name.endsWith('/')) await fs.writeFile(path, bytes)
  }
  return folder
}

const read = (folder: string, decode: DecodeImage = decodeBitmap, skipUndecodable = false) =>
  readFolder(folder, { decode, choices: { ...noChoices, skipUndecodable } })

async function readFolder(folder: string, by: ImageReading) {
  const { table, ...rest } = await readImageFiles(await listImageFolder(folder, by), by)
  return { images: table, ...rest }
}

const dot = (value: number) => bitmap(1, 1, [value])

describe('a folder of images', () => {
  it('has a class for each subfolder, in the order of their names, numbers by value', async () => {
    const folder = await folderOf({
      '10/a.bmp': dot(3),
      '2/a.bmp': dot(1),
      '2/b.bmp': dot(2),
      'x/a.bmp': dot(4),
    })
    const { images, classNames, notes } = await read(folder)
    expect(classNames).toEqual(['2', '10', 'x'])
    expect(Array.from(images.train.labels)).toEqual([0, 0, 1, 2])
    expect(Array.from(images.train.pixels)).toEqual([1, 2, 3, 4])
    expect([images.train.sizes, images.channels]).toEqual([{ width: 1, height: 1 }, 1])
    expect([images.test, notes]).toEqual([null, []])
  })

  it('takes names that differ only in how Unicode composes a letter for one class, called by its NFC', async () => {
    const folder = await folderOf({
      'caf\u00e9/a.pgm': dot(1),
      'cafe\u0301/b.pgm': dot(2),
      'zoe\u0308/c.pgm': dot(3),
    })
    const { images, classNames } = await read(folder)
    expect(classNames).toEqual(['caf\u00e9', 'zo\u00eb'])
    expect(Array.from(images.train.labels)).toEqual([0, 0, 1])
    expect(Array.from(images.train.pixels).sort()).toEqual([1, 2, 3])
  })

  it('passes over hidden files and what lies beside the subfolders', async () => {
    const folder = await folderOf({
      'a/1.bmp': dot(9),
      'a/.DS_Store': dot(1),
      '.git/x': dot(1),
      README: dot(1),
    })
    const { images, classNames } = await read(folder)
    expect([classNames, images.train.labels.length]).toEqual([['a'], 1])
  })

  it('keeps every byte of images of any size, and their files as origins', async () => {
    const large = Array.from({ length: 320 * 640 }, (_, i) => i % 251)
    const small = Array.from({ length: 5 * 4 }, (_, i) => i)
    const folder = await folderOf({
      'a/1.bmp': bitmap(640, 320, large),
      'a/2.bmp': bitmap(5, 4, small),
      'b/x.bmp': bitmap(5, 4, small),
    })
    const { images, reduced } = await read(folder)
    const { pixels, sizes, labels, origins } = images.train
    expect(Buffer.compare(Buffer.from(pixels), Buffer.from([...large, ...small, ...small]))).toBe(0)
    expect([0, 1, 2].map((row) => sizeAt(sizes, row))).toEqual([
      { width: 640, height: 320 },
      { width: 5, height: 4 },
      { width: 5, height: 4 },
    ])
    expect([Array.from(labels), origins, reduced]).toEqual([[0, 0, 1], ['a/1.bmp', 'a/2.bmp', 'b/x.bmp'], 0])
    expect(pictureAt(images.train, 1, 2)).toEqual({
      ...{ width: 5, height: 4, channels: 1 },
      values: Float32Array.from(small, (byte) => byte / 255),
    })
  })

  it('reduces only what is larger than 320 on its shorter side, keeps its shape, and says how many', async () => {
    const white = (width: number, height: number) =>
      bitmap(width, height, new Array<number>(width * height).fill(255))
    const files = { 'a/1.bmp': white(1000, 500), 'a/2.bmp': white(400, 3000), 'a/3.bmp': white(300, 1000) }
    const { images, reduced } = await read(await folderOf(files))
    expect([0, 1, 2].map((row) => sizeAt(images.train.sizes, row))).toEqual([
      { width: 640, height: 320 },
      { width: 320, height: 2400 },
      { width: 300, height: 1000 },
    ])
    expect(reduced).toBe(2)
    expect(images.train.pixels.every((value) => value === 255)).toBe(true)
  })

  it('is refused where the decoder finds another size or colour than the header states', async () => {
    const folder = await folderOf({ 'a/1.bmp': dot(0) })
    for (const [width, channels] of [
      [2, 1],
      [1, 3],
    ] as const) {
      const decode = async (): Promise<DecodedImage> => ({
        ...{ width, height: 1, channels },
        pixels: new Uint8Array(width * channels),
      })
      expect((await refusalOf(() => read(folder, decode))).code).toBe('image-undecodable')
    }
  })

  it('is refused if it is larger than memory, with figures, before it is decoded', () => {
    const files = { bytes: 8e9, count: 4000 }
    expect(() => refuseBeyondMemory('photos', files, 2e9)).toThrow(
      expect.objectContaining({
        code: 'dataset-beyond-memory',
        params: { file: 'photos', needed: '8.0 GB', most: '2.0 GB', samples: 4000, fit: 1000 },
      }) as Error,
    )
  })

  it('is in colour if any image is', async () => {
    const { images } = await read(await folderOf({ 'a/1.bmp': dot(7), 'a/2.bmp': bitmap(1, 1, [1, 2, 3]) }))
    expect(images.channels).toBe(3)
    expect(Array.from(images.train.pixels)).toEqual([7, 7, 7, 1, 2, 3])
  })

  it('lays what is transparent on white', async () => {
    const decode = async (): Promise<DecodedImage> => ({
      width: 2,
      height: 1,
      channels: 4,
      pixels: Uint8Array.from([10, 20, 30, 255, 0, 0, 0, 51]),
    })
    const { images } = await read(await folderOf({ 'a/1.bmp': bitmap(2, 1, [1, 2, 3, 4, 5, 6]) }), decode)
    expect(Array.from(images.train.pixels)).toEqual([10, 20, 30, 204, 204, 204])
  })

  it('is refused where an image does not decode, which is named', async () => {
    const cut = bitmap(2, 2, [1, 2, 3, 4]).subarray(0, 30)
    const text = Buffer.from('no image')
    for (const bad of [cut, text, Buffer.alloc(0)]) {
      const folder = await folderOf({ 'a/1.bmp': dot(1), 'a/bad.bmp': bad, 'b/1.bmp': dot(2) })
      expect(await refusalOf(() => read(folder))).toEqual({
        code: 'image-undecodable',
        params: { file: join(folder, 'a', 'bad.bmp') },
      })
    }
  })

  it('skips what does not decode where that is chosen, and lists it', async () => {
    const folder = await folderOf({ 'a/1.bmp': dot(1), 'a/notes.bmp': Buffer.from('x'), 'b/1.bmp': dot(2) })
    const { images, notes } = await read(folder, decodeBitmap, true)
    const names = [join(folder, 'a', 'notes.bmp')]
    expect(notes).toEqual([{ code: 'files-skipped', params: { count: 1, reason: 'undecodable', names } }])
    expect(Array.from(images.train.pixels)).toEqual([1, 2])
  })

  it('is refused where every image of a class was skipped', async () => {
    const folder = await folderOf({ 'a/1.bmp': dot(1), 'b/x.bmp': Buffer.from('x') })
    expect(await refusalOf(() => read(folder, decodeBitmap, true))).toEqual({
      code: 'class-folder-empty',
      params: { folder, class: 'b' },
    })
  })

  it('is refused with more files than it may hold', async () => {
    const folder = await folderOf({ 'a/1.bmp': dot(1) })
    for (let file = 2; file <= 100_001; file++) writeFileSync(join(folder, 'a', `${file}.bmp`), '')
    expect(await refusalOf(() => read(folder))).toEqual({
      code: 'too-many-images',
      params: { folder, most: 100_000 },
    })
  })

  it('is refused where its images claim too many pixels together, also where each is skipped', async () => {
    const names = Array.from({ length: 240 }, (_, i) => `a/${i}.bmp`)
    const large = bitmapHeader(4096, 4096)
    const folder = await folderOf(Object.fromEntries(names.map((name) => [name, large])))
    expect(await refusalOf(() => read(folder, decodeBitmap, true))).toEqual({
      code: 'too-many-pixels',
      params: { folder, most: 4000 },
    })
  })

  it('is refused where an image claims an enormous size, before it is decoded', async () => {
    const folder = await folderOf({ 'a/1.bmp': bitmapHeader(60_000, 60_000) })
    const decode = () => Promise.reject(new Error('was decoded'))
    expect(await refusalOf(() => read(folder, decode, true))).toEqual({
      code: 'image-too-large',
      params: { file: join(folder, 'a', '1.bmp'), width: 60000, height: 60000, most: 4096 },
    })
  })
})
