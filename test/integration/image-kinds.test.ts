/**
 * Every kind of image that is read, pixel by pixel against Pillow: test/fixtures/make_kinds.py wrote the files and the
 * digests of their pixels, turned by EXIF, 16 bits cut to 8, transparent parts on white.
 */
import { createHash } from 'crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs'
import { join } from 'path'
import { crc32, deflateSync } from 'zlib'
import { describe, expect, it } from 'vitest'
import { noChoices } from '../../src/contract/reading'
import { imagesOf, pictureAt } from '../../src/data/dataset'
import { importDataset } from '../../src/data/import-dataset'
import { openDataset } from '../../src/data/open-dataset'
import { previewOf } from '../../src/data/preview'
import { requireHeader } from '../../src/data/image-header'
import { readPhoto } from '../../src/data/photo'
import { decodeImage } from '../../src/workers/decode-image'
import { temporaryFolder } from './programs'

const kinds = join(__dirname, '../fixtures/kinds')
const digests = JSON.parse(readFileSync(join(kinds, 'digests.json'), 'utf8')) as Record<string, unknown[]>
const digestOf = (pixels: Uint8Array) => createHash('sha256').update(pixels).digest('hex').slice(0, 16)

function greyPng(width: number, height: number, value: number): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0])
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  const rows = Buffer.alloc((width + 1) * height, value)
  for (let row = 0; row < height; row++) rows[row * (width + 1)] = 0
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  const pixels = chunk('IDAT', deflateSync(rows, { level: 1 }))
  return Buffer.concat([signature, chunk('IHDR', header), pixels, chunk('IEND', Buffer.alloc(0))])
}

function photoOf(file: string) {
  const { width, height, channels } = requireHeader(file, readFileSync(file))
  return readPhoto({ file, size: { width, height }, channels }, channels, decodeImage)
}

const isAvif = (name: string) => name.endsWith('.avif')

describe('an image is decoded as Pillow shows it', () => {
  it.each(Object.keys(digests).filter(isAvif))('%s, within 1 of 255', async (name) => {
    const { width, height, pixels } = await photoOf(join(kinds, name))
    const [ofWidth, ofHeight, channels, values] = digests[name] as [number, number, number, string]
    expect([width, height, pixels.length / (width * height)]).toEqual([ofWidth, ofHeight, channels])
    const expected = Buffer.from(values, 'base64')
    const differences = Array.from(pixels, (value, index) => Math.abs(value - (expected[index] ?? -9)))
    expect(Math.max(...differences)).toBeLessThanOrEqual(1)
  })

  it.each(Object.keys(digests).filter((name) => !isAvif(name)))('%s, exactly', async (name) => {
    const { width, height, pixels } = await photoOf(join(kinds, name))
    expect([width, height, pixels.length / (width * height), digestOf(pixels)]).toEqual(digests[name])
  })

  it('and no file beside the digests is left out', () => {
    const files = readdirSync(kinds).filter((name) => name !== 'digests.json')
    expect(files.sort()).toEqual(Object.keys(digests).sort())
  })
})

describe('a folder of images of several kinds', () => {
  const names = [
    ...['turned-6.jpg', 'turned-1.webp', 'grey-16.png', 'lossy.webp'],
    ...['rgb-raw.tif', 'bytes.pgm', 'grey.avif', 'transparent.gif'],
  ]
  const unread = 'live.jpg'

  function folderOfAll(): string {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'a'))
    for (const name of names) writeFileSync(join(folder, 'a', name), readFileSync(join(kinds, name)))
    writeFileSync(join(folder, 'a', unread), Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'))
    writeFileSync(join(folder, 'a', 'x.png'), 'no image')
    return folder
  }

  it('is read with what was skipped by reason, turned, cut and laid on white, in preview and import', async () => {
    const folder = folderOfAll()
    const by = { decode: decodeImage, choices: { ...noChoices, skipUndecodable: true } }
    const datasets = join(temporaryFolder(), 'datasets')
    const done: string[] = []
    const progress = (read: number, total: number) => void done.push(`${read}/${total}`)
    const imported = await importDataset(folder, 'mixed', datasets, { ...by, progress })
    const previewed = await previewOf(folder, 10, by)
    const skipped = (reason: string, name: string) => ({
      code: 'files-skipped',
      params: { count: 1, reason, names: [`a/${name}`] },
    })
    expect(imported.notes).toEqual([
      skipped('undecodable', 'x.png'),
      skipped('kind-unread', unread),
      { code: 'images-turned', params: { count: 1 } },
      { code: 'images-deep', params: { count: 1 } },
      { code: 'images-on-white', params: { count: 2 } },
    ])
    expect(previewed.summary.notes).toEqual(imported.notes)
    expect(done).toEqual(names.map((_, index) => `${index + 1}/${names.length}`))
    const { train } = imagesOf(await openDataset('mixed', datasets))
    const row = (train.origins ?? []).indexOf('a/turned-6.jpg')
    const { width, height, values } = pictureAt(train, 3, row)
    expect([width, height]).toEqual([17, 23])
    const bytes = Uint8Array.from(values, (value) => Math.round(value * 255))
    expect(digestOf(bytes)).toBe(digests['turned-6.jpg']?.[3])
  })

  it('may hold an image of 48 megapixels, whose memory is said and which is reduced', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'a'))
    writeFileSync(join(folder, 'a', 'large.png'), greyPng(8064, 6048, 128))
    const { summary } = await previewOf(folder, 1, { decode: decodeImage, choices: noChoices })
    expect(summary).toMatchObject({ width: 427, height: 320, channels: 1, reduced: 1 })
    expect(summary.notes).toEqual([
      { code: 'images-large', params: { count: 1, megapixels: 16, memory: '488 MB' } },
    ])
  })

  it('is refused with the name of the kind that is not read', async () => {
    const folder = folderOfAll()
    const by = { decode: decodeImage, choices: noChoices }
    await expect(previewOf(folder, 10, by)).rejects.toMatchObject({
      code: 'image-kind-unread',
      params: { file: join(folder, 'a', unread), kind: 'HEIC' },
    })
  })
})
