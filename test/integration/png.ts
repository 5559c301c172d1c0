/** Creates small PNG files: of one colour, the smallest real image files, or with grey pixels. */
import { crc32, deflateSync } from 'zlib'

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

export const greyPng = (side: number, value: number): Buffer => greyPixels(side, () => value)

export const colourPng = (side: number, colour: readonly number[]): Buffer => png(side, 2, () => colour)

/** @param value of the pixel in column x and row y, 0 to 255 */
export const greyPixels = (side: number, value: (x: number, y: number) => number): Buffer =>
  png(side, 0, (x, y) => [value(x, y)])

/** @param kind 0: grey, 2: RGB; eight bits a sample, no interlacing */
function png(side: number, kind: 0 | 2, pixel: (x: number, y: number) => readonly number[]): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, kind, 0, 0, 0], 8)
  const each = Array.from({ length: side }, (_, index) => index)
  const rows = each.map((y) => Buffer.from([0, ...each.flatMap((x) => pixel(x, y))]))
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
