/** Image formats: all supported ones decoded by the real library, and images rejected before they reach it. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'fs'
import { execFileSync } from 'child_process'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { noChoices } from '../../src/contract/reading'
import { toErrorMessage } from '../../src/contract/errors'
import { imagesOf, pictureAt } from '../../src/data/dataset'
import { importDataset } from '../../src/data/import-dataset'
import { openDataset } from '../../src/data/open-dataset'
import { listImageFolder } from '../../src/data/image-files'
import { readImageFiles } from '../../src/data/image-folder'
import { decodeImage } from '../../src/workers/decode-image'
import { imageHeader } from '../../src/data/image-header'
import { temporaryFolder } from './programs'

const fixture = (name: string) => readFileSync(join(__dirname, '../fixtures/images', name))
const refusal = (bytes: Buffer) =>
  decodeImage(bytes, 'x').then(
    () => 'decoded',
    (error: unknown) => toErrorMessage(error).code,
  )

/** The image drawn by test/fixtures/make_images.py: row y, column x, colour channel. */
const value = (place: number) => {
  const [y, x, colour] = [Math.floor(place / 36), Math.floor(place / 3) % 12, place % 3]
  return [20 * x, 20 * y, 10 * (x + y)][colour]
}

describe('a picture', () => {
  it.each(['rgb.png', 'rgb.bmp'])('of RGB in %s comes byte for byte', async (name) => {
    const { width, height, channels, pixels } = await decodeImage(fixture(name), name)
    expect([width, height, channels]).toEqual([12, 12, 3])
    expect(Array.from(pixels)).toEqual(Array.from({ length: 432 }, (_, place) => value(place)))
  })

  it.each([
    ['grey.png', 1],
    ['rgba.png', 4],
    ['palette.png', 3],
    ['deep.png', 1],
    ['bits.png', 1],
    ['grey.jpg', 1],
    ['baseline.jpg', 3],
    ['progressive.jpg', 3],
    ['grey.bmp', 1],
    // The fourth byte of such a bitmap is not alpha, and may be anything.
    ['rgba.bmp', 3],
    ['still.gif', 3],
    ['moving.gif', 3],
  ])('in %s has its size and %i channels', async (name, channels) => {
    const image = await decodeImage(fixture(name), name)
    expect([image.width, image.height, image.channels]).toEqual([12, 12, channels])
    expect(image.pixels).toHaveLength(144 * channels)
    expect(new Set(image.pixels).size).toBeGreaterThan(1)
    expect(imageHeader(fixture(name))).toMatchObject({ width: 12, height: 12 })
  })

  it('of a GIF that moves is its first', async () => {
    const [still, moving] = [
      await decodeImage(fixture('still.gif'), ''),
      await decodeImage(fixture('moving.gif'), ''),
    ]
    expect(Array.from(moving.pixels)).toEqual(Array.from(still.pixels))
  })

  it('of a number of bytes that four does not divide is whole', async () => {
    const bmp = fixture('rgb.bmp')
    // A row of three pixels: nine bytes, padded to twelve.
    bmp.writeInt32LE(3, 18)
    bmp.writeInt32LE(1, 22)
    const { pixels } = await decodeImage(bmp.subarray(0, bmp.readUInt32LE(10) + 12), 'x')
    const row = Array.from(bmp.subarray(bmp.readUInt32LE(10), bmp.readUInt32LE(10) + 9))
    expect(Array.from(pixels)).toEqual([
      row[2],
      row[1],
      row[0],
      row[5],
      row[4],
      row[3],
      row[8],
      row[7],
      row[6],
    ])
  })
})

describe('before it is decoded a picture is refused', () => {
  const jpeg = fixture('baseline.jpg')
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))

  it.each<[string, string, () => Buffer]>([
    [
      'whose GIF screen is too large',
      'image-too-large',
      () => {
        const gif = fixture('still.gif')
        gif.writeUInt16LE(60_000, 6)
        gif.writeUInt16LE(60_000, 8)
        return gif
      },
    ],
    [
      'whose JPEG frame is too large',
      'image-too-large',
      () => {
        const large = Buffer.from(jpeg)
        large.writeUInt16BE(60_000, frame + 5)
        large.writeUInt16BE(60_000, frame + 7)
        return large
      },
    ],
    [
      'with bytes between the segments of a JPEG, where another size could hide',
      'image-undecodable',
      () => Buffer.concat([jpeg.subarray(0, frame), Buffer.from([0, 0]), jpeg.subarray(frame)]),
    ],
    [
      'whose PNG does not begin with its header',
      'image-undecodable',
      () => {
        const png = fixture('rgb.png')
        png.write('IDAT', 12, 'latin1')
        return png
      },
    ],
    [
      'of a GIF that ends in its first picture',
      'image-undecodable',
      () => fixture('still.gif').subarray(0, -20),
    ],
    [
      'of a BMP of negative width',
      'image-undecodable',
      () => {
        const bmp = fixture('rgb.bmp')
        bmp.writeInt32LE(-12, 18)
        return bmp
      },
    ],
    ['of another format', 'image-undecodable', () => Buffer.from('no image at all')],
    ['of a kind that is not read', 'image-kind-unread', () => Buffer.from('%PDF-1.7')],
  ])('%s', async (_, code, make) => {
    expect(await refusal(make())).toBe(code)
  })
})

describe('a folder of pictures', () => {
  const reading = { decode: decodeImage, choices: noChoices }
  const readFolder = async (folder: string) => readImageFiles(await listImageFolder(folder, reading), reading)

  function folderOfOne(): string {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'a'))
    writeFileSync(join(folder, 'a', '1.png'), fixture('rgb.png'))
    return folder
  }

  it('with a link that leads out of it is refused, a link inside is followed', async () => {
    const folder = folderOfOne()
    symlinkSync(join(folder, 'a', '1.png'), join(folder, 'a', '2.png'))
    expect((await readFolder(folder)).table.train.labels).toHaveLength(2)
    symlinkSync(join(__dirname, '../fixtures/images/grey.png'), join(folder, 'a', '3.png'))
    await expect(readFolder(folder)).rejects.toMatchObject({ code: 'link-leads-outside' })
  })

  it('with a class that is a link to another folder is refused', async () => {
    const folder = folderOfOne()
    symlinkSync(join(__dirname, '../fixtures/images'), join(folder, 'b'))
    await expect(readFolder(folder)).rejects.toMatchObject({ code: 'link-leads-outside' })
  })

  it('of every format and of different sizes is stored byte for byte, in colour', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'a'))
    const names = ['grey.png', 'rgb.png', 'palette.png', 'deep.png', 'baseline.jpg', 'progressive.jpg']
    for (const name of [...names, 'rgb.bmp', 'moving.gif']) {
      writeFileSync(join(folder, 'a', name), fixture(name))
    }
    // A row of three pixels, cut from a bitmap.
    const bmp = fixture('rgb.bmp')
    bmp.writeInt32LE(3, 18)
    bmp.writeInt32LE(1, 22)
    writeFileSync(join(folder, 'a', 'small.bmp'), bmp.subarray(0, bmp.readUInt32LE(10) + 12))
    const datasets = join(temporaryFolder(), 'datasets')
    const summary = await importDataset(folder, 'mixed', datasets, reading)
    expect(summary).toMatchObject({ width: null, height: null, channels: 3, reduced: 0 })
    const { train } = imagesOf(await openDataset('mixed', datasets))
    for (const [row, origin] of (train.origins ?? []).entries()) {
      const name = origin.slice('a/'.length)
      const file = name === 'small.bmp' ? join(folder, origin) : join(__dirname, '../fixtures/images', name)
      const { width, height, channels, pixels } = await decodeImage(readFileSync(file), name)
      const stored = pictureAt(train, 3, row)
      expect([stored.width, stored.height]).toEqual([width, height])
      const bytes = Array.from(stored.values, (value) => Math.round(value * 255))
      const expected =
        channels === 1 ? Array.from(pixels).flatMap((grey) => [grey, grey, grey]) : Array.from(pixels)
      expect(bytes).toEqual(expected)
    }
    expect(train.origins).toHaveLength(9)
  })

  it('with a pipe in it does not wait for what never comes', async () => {
    const folder = folderOfOne()
    execFileSync('mkfifo', [join(folder, 'a', 'pipe')])
    await expect(readFolder(folder)).rejects.toMatchObject({ code: 'file-unreadable' })
  })
})
