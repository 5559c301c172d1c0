import { describe, expect, it } from 'vitest'
import { imageHeader, refuseTooLarge, requireHeader } from '../../../src/data/image-header'
import { type Orientation, turned } from '../../../src/data/image-kinds/orientation'
import { composed, reduced } from '../../../src/data/reduce'
import { refusalOf } from './support'

const latin = (text: string) => Buffer.from(text, 'latin1')

describe('a file of a kind that is not read is called by its name', () => {
  const dicom = Buffer.concat([Buffer.alloc(128), latin('DICM')])
  it.each<[string, Buffer]>([
    ['HEIC', latin('\0\0\0\x18ftypheic\0\0\0\0mif1heic')],
    ['RAW (CR3)', latin('\0\0\0\x18ftypcrx \0\0\0\x01crx isom')],
    ['RAW (CR2)', latin('II*\0\x10\0\0\0CR\x02\0')],
    ['PDF', latin('%PDF-1.7\n')],
    ['SVG', latin('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['JPEG XL', latin('\xff\x0a\xfa\x1f')],
    ['JPEG 2000', latin('\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14')],
    ['Photoshop (PSD)', latin('8BPS\0\x01')],
    ['webp-animated', Buffer.concat([latin('RIFF\0\x01\0\0WEBPVP8X\x0a\0\0\0\x02'), Buffer.alloc(20)])],
    ['video', latin('\0\0\0\x18ftypmp42\0\0\0\0isommp42')],
    ['BigTIFF', latin('II\x2b\0\x08\0\0\0')],
    ['JPEG (arithmetic)', latin('\xff\xd8\xff\xc9\0\x0b\x08\0\x01\0\x01\x01\x01\x11\0')],
    ['DICOM', dicom],
    ['ZIP', latin('PK\x03\x04')],
  ])('%s', async (kind, bytes) => {
    expect(imageHeader(bytes)).toBeNull()
    expect(await refusalOf(() => requireHeader('x.jpg', bytes))).toEqual({
      code: 'image-kind-unread',
      params: { file: 'x.jpg', kind },
    })
  })
})

it('an image of more than 100 megapixels, or of a longer side than sizes can hold, is refused', async () => {
  refuseTooLarge('x', { width: 10_000, height: 10_000 })
  refuseTooLarge('x', { width: 65_535, height: 1 })
  for (const size of [
    { width: 10_001, height: 10_000 },
    { width: 65_536, height: 1 },
  ]) {
    const { code, params } = await refusalOf(() => refuseTooLarge('x', size))
    expect([code, params]).toEqual(['image-too-large', { file: 'x', ...size, most: 100, side: 65_535 }])
  }
})

/** The picture `ab/cd/ef` of 2 x 3 pixels, turned by each orientation (Pillow's exif_transpose). */
it.each<[Orientation, string]>([
  [1, 'ab/cd/ef'],
  [2, 'ba/dc/fe'],
  [3, 'fe/dc/ba'],
  [4, 'ef/cd/ab'],
  [5, 'ace/bdf'],
  [6, 'eca/fdb'],
  [7, 'fdb/eca'],
  [8, 'bdf/ace'],
])('orientation %i turns a picture', (orientation, expected) => {
  const image = turned({ width: 2, height: 3, channels: 1, pixels: latin('abcdef') }, orientation)
  const rows = Array.from({ length: image.height }, (_, y) =>
    Buffer.from(image.pixels.subarray(y * image.width, (y + 1) * image.width)).toString(),
  )
  expect(rows.join('/')).toBe(expected)
})

describe('reducing', () => {
  const ramp = Uint8Array.from({ length: 60 * 40 * 3 }, (_, i) => (i * 37) % 256)

  it('keeps one colour as it is, at any ratio', () => {
    for (const [width, height] of [
      [400, 333],
      [64, 900],
    ] as const) {
      for (const value of [0, 1, 127, 254, 255]) {
        const pixels = new Uint8Array(width * height).fill(value)
        const small = reduced({ width, height, channels: 1, pixels }, { width: 31, height: 29 })
        expect(new Set(small.pixels)).toEqual(new Set([value]))
      }
    }
  })

  it('of an image with alpha is that of the image on white', () => {
    const alpha = Uint8Array.from({ length: 60 * 40 * 4 }, (_, i) => (i * 53) % 256)
    const image = { width: 60, height: 40, channels: 4, pixels: alpha }
    const size = { width: 17, height: 11 }
    expect(reduced(image, size)).toEqual(reduced(composed(image), size))
  })

  it('is within a rounding of the exact means', () => {
    const small = reduced({ width: 60, height: 40, channels: 3, pixels: ramp }, { width: 1, height: 1 })
    // The triangle over the whole image: weights 1 - |i + 1/2 - n/2| / n.
    const weights = (n: number) => Array.from({ length: n }, (_, i) => 1 - Math.abs(i + 0.5 - n / 2) / n)
    const [rows, columns] = [weights(40), weights(60)]
    const total = rows.reduce((a, b) => a + b) * columns.reduce((a, b) => a + b)
    for (let colour = 0; colour < 3; colour++) {
      let sum = 0
      for (const [y, v] of rows.entries())
        for (const [x, w] of columns.entries()) sum += v * w * (ramp[(y * 60 + x) * 3 + colour] ?? 0)
      expect(Math.abs((small.pixels[colour] ?? 0) - sum / total)).toBeLessThan(0.6)
    }
  })
})
