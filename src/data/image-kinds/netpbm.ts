/** PBM, PGM and PPM, as text (P1 to P3) or bytes (P4 to P6). */
import type { DecodedImage } from './decoded-image'
import { headerFrom, type ImageHeader, type ImageKind } from './kind'

interface Layout {
  readonly type: number
  readonly width: number
  readonly height: number
  /** The value of white; 1 in a PBM, where it is black. */
  readonly most: number
  /** Offset of the pixels. */
  readonly start: number
}

const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || (byte !== undefined && byte >= 9 && byte <= 13)
const isDigit = (byte: number | undefined): byte is number =>
  byte !== undefined && byte >= 0x30 && byte <= 0x39
const maxDigits = 6

/** A number after white space and comments, and the offset after it; null if there is none. */
function numberAt(bytes: Buffer, start: number): readonly [value: number, end: number] | null {
  let at = start
  for (; isSpace(bytes[at]) || bytes[at] === 0x23; at++) {
    if (bytes[at] === 0x23) while (at < bytes.length && bytes[at] !== 0x0a) at++
  }
  const first = at
  let value = 0
  for (let byte = bytes[at]; isDigit(byte); byte = bytes[++at]) value = 10 * value + byte - 0x30
  return at === first || at - first > maxDigits ? null : [value, at]
}

function layoutOf(bytes: Buffer): Layout | null {
  const type = (bytes[1] ?? 0) - 0x30
  const wanted = type === 1 || type === 4 ? 2 : 3
  const numbers: number[] = []
  let at = 2
  while (numbers.length < wanted) {
    const found = numberAt(bytes, at)
    if (found === null) return null
    numbers.push(found[0])
    at = found[1]
  }
  const [width = 0, height = 0, most = 1] = numbers
  // One white space, after which the pixels begin.
  if (!isSpace(bytes[at]) || most < 1 || most > 65_535) return null
  return { type, width, height, most, start: at + 1 }
}

function readHeader(bytes: Buffer): ImageHeader | null {
  const layout = layoutOf(bytes)
  if (layout === null) return null
  const { type, width, height, most } = layout
  const channels = type === 3 || type === 6 ? 3 : 1
  return headerFrom({ kind: 'netpbm', width, height, channels, isDeep: most > 255, end: bytes.length })
}

/** Grey of more than 8 bits is stretched to 16, of which the upper 8 are kept; all else is stretched to 8. */
function scaleTo8(most: number, channels: number): (value: number) => number {
  if (most === 255) return (value) => value
  if (most > 255 && channels === 1) return (value) => Math.round((Math.min(value, most) / most) * 65_535) >> 8
  return (value) => Math.round((Math.min(value, most) / most) * 255)
}

function decode(bytes: Buffer, { channels }: ImageHeader): DecodedImage {
  const layout = layoutOf(bytes)
  if (layout === null) throw new Error('no header')
  const { type, width, height, most, start } = layout
  const pixels = new Uint8Array(width * height * channels)
  const scale = scaleTo8(most, channels)
  if (type === 1) bitsFromText(bytes, start, pixels)
  else if (type === 4) bitsFromBytes(bytes, layout, pixels)
  else if (type < 4) numbersFromText(bytes, start, pixels, scale)
  else {
    const wide = most > 255 ? 2 : 1
    if (start + pixels.length * wide > bytes.length) throw new Error('cut short')
    for (let i = 0; i < pixels.length; i++) {
      const value = wide === 1 ? (bytes[start + i] as number) : bytes.readUInt16BE(start + 2 * i)
      pixels[i] = scale(value)
    }
  }
  return { width, height, channels, pixels }
}

function numbersFromText(
  bytes: Buffer,
  start: number,
  pixels: Uint8Array,
  scale: (value: number) => number,
): void {
  let at = start
  for (let i = 0; i < pixels.length; i++) {
    const found = numberAt(bytes, at)
    if (found === null) throw new Error('cut short')
    pixels[i] = scale(found[0])
    at = found[1]
  }
}

/** Digits may stand without space between them. */
function bitsFromText(bytes: Buffer, start: number, pixels: Uint8Array): void {
  let at = start
  for (let i = 0; i < pixels.length; i++) {
    while (isSpace(bytes[at])) at++
    const byte = bytes[at++]
    if (byte !== 0x30 && byte !== 0x31) throw new Error('cut short')
    pixels[i] = byte === 0x31 ? 0 : 255
  }
}

function bitsFromBytes(bytes: Buffer, { width, height, start }: Layout, pixels: Uint8Array): void {
  const rowBytes = Math.ceil(width / 8)
  if (start + rowBytes * height > bytes.length) throw new Error('cut short')
  for (let i = 0; i < pixels.length; i++) {
    const [row, column] = [Math.floor(i / width), i % width]
    const byte = bytes[start + row * rowBytes + (column >> 3)] as number
    pixels[i] = (byte >> (7 - (column & 7))) & 1 ? 0 : 255
  }
}

export const netpbm: ImageKind = {
  id: 'netpbm',
  title: 'PGM, PPM, PBM',
  matches: (head) =>
    head[0] === 0x50 &&
    head[1] !== undefined &&
    head[1] >= 0x31 &&
    head[1] <= 0x36 &&
    (isSpace(head[2]) || head[2] === 0x23),
  header: readHeader,
  decode,
}
