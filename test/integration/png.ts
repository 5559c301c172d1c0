/** Creates PNG files. */
import { crc32, deflateSync } from 'zlib'

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

const filled = (side: number, pixel: readonly number[]) =>
  Uint8Array.from({ length: side * side * pixel.length }, (_, i) => pixel[i % pixel.length] ?? 0)

export const greyPng = (side: number, value: number): Buffer => png(side, side, 0, filled(side, [value]))

export const colourPng = (side: number, colour: readonly number[]): Buffer =>
  png(side, side, 2, filled(side, colour))

/** @param value of the pixel in column x and row y, 0 to 255 */
export const greyPixels = (side: number, value: (x: number, y: number) => number): Buffer =>
  png(
    side,
    side,
    0,
    Uint8Array.from({ length: side * side }, (_, i) => value(i % side, Math.floor(i / side))),
  )

/** @param pixels `[height, width, 3]` */
export const rgbPng = (width: number, height: number, pixels: Uint8Array): Buffer =>
  png(width, height, 2, pixels)

/** @param kind 0: grey, 2: RGB; eight bits a sample, no interlacing, no filter */
function png(width: number, height: number, kind: 0 | 2, pixels: Uint8Array): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, kind, 0, 0, 0], 8)
  const row = width * (kind === 0 ? 1 : 3)
  const rows = Array.from({ length: height }, (_, y) => [
    Buffer.from([0]),
    pixels.subarray(y * row, (y + 1) * row),
  ])
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
