/** Windows bitmaps: 1 to 32 bits a pixel, palettes, bit fields, and run lengths (Microsoft's BITMAPINFOHEADER). */
import type { DecodedImage } from './decoded-image'
import { headerFrom, type ImageHeader, type ImageKind, startsWith } from './kind'

interface Layout {
  readonly width: number
  readonly height: number
  readonly isTopDown: boolean
  readonly bits: number
  readonly packing: number
  /** Offset of the pixels. */
  readonly start: number
  /** RGB, three bytes an entry; null: pixels hold their colours. */
  readonly palette: Uint8Array | null
  /** Of red, green, blue and alpha, for pixels of 16 and 32 bits. */
  readonly masks: readonly number[]
}

const rle8 = 1
const rle4 = 2
const bitFields = 3
const alphaBitFields = 6
const fileHeaderBytes = 14
/** The header of OS/2, in which sizes take two bytes and palette entries three. */
const coreHeaderBytes = 12
const basicHeaderBytes = 40

function layoutOf(bytes: Buffer): Layout | null {
  if (bytes.length < 30) return null
  const headerBytes = bytes.readUInt32LE(14)
  if (headerBytes === coreHeaderBytes) {
    const [width, height, bits] = [bytes.readUInt16LE(18), bytes.readUInt16LE(20), bytes.readUInt16LE(24)]
    return withPalette(bytes, { width, height, isTopDown: false, bits, packing: 0, masks: masksOf(bits) }, 3)
  }
  const [width, height] = [bytes.readInt32LE(18), bytes.readInt32LE(22)]
  const bits = bytes.readUInt16LE(28)
  const packing = bytes.length < 34 ? 0 : bytes.readUInt32LE(30)
  const masks =
    packing === bitFields || packing === alphaBitFields ? statedMasks(bytes, packing) : masksOf(bits)
  if (width <= 0 || masks === null) return null
  return withPalette(
    bytes,
    { width, height: Math.abs(height), isTopDown: height < 0, bits, packing, masks },
    4,
  )
}

/** 16 bits are five each, and one unused; 32 bits eight each, and eight unused. */
const masksOf = (bits: number): number[] =>
  bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0xff00, 0xff, 0]

/** They follow the basic header, and larger headers hold them at the same offset. Those before version 3 lack alpha. */
function statedMasks(bytes: Buffer, packing: number): number[] | null {
  const start = fileHeaderBytes + basicHeaderBytes
  if (bytes.length < start + 16) return null
  const masks = [0, 4, 8].map((at) => bytes.readUInt32LE(start + at))
  const hasAlpha = bytes.readUInt32LE(14) >= 56 || packing === alphaBitFields
  return [...masks, hasAlpha ? bytes.readUInt32LE(start + 12) : 0]
}

function withPalette(bytes: Buffer, rest: Omit<Layout, 'start' | 'palette'>, entryBytes: 3 | 4): Layout {
  const start = bytes.readUInt32LE(10)
  if (rest.bits > 8) return { ...rest, start, palette: null }
  const isCore = entryBytes === 3
  const headerBytes = bytes.readUInt32LE(14)
  const stated = isCore || bytes.length < 50 ? 0 : bytes.readUInt32LE(46)
  const first = fileHeaderBytes + headerBytes
  const most = 2 ** rest.bits
  const count = Math.min(
    stated === 0 ? most : stated,
    most,
    Math.max(0, Math.floor((start - first) / entryBytes)),
  )
  const palette = new Uint8Array(3 * most)
  for (let entry = 0; entry < count; entry++) {
    for (let colour = 0; colour < 3; colour++) {
      palette[3 * entry + colour] = bytes[first + entry * entryBytes + 2 - colour] ?? 0
    }
  }
  return { ...rest, start, palette }
}

const isGrey = (palette: Uint8Array): boolean =>
  palette.every((value, index) => value === palette[index - (index % 3)])

const depths = [1, 4, 8, 16, 24, 32]

function readHeader(bytes: Buffer): ImageHeader | null {
  const layout = layoutOf(bytes)
  if (layout === null || !depths.includes(layout.bits)) return null
  const { width, height, palette } = layout
  const channels = palette !== null && isGrey(palette) ? 1 : 3
  return headerFrom({ kind: 'bmp', width, height, channels, end: bytes.length })
}

function decode(bytes: Buffer, { channels }: ImageHeader): DecodedImage {
  const layout = layoutOf(bytes)
  if (layout === null) throw new Error('no header')
  const { palette, packing } = layout
  if (palette === null) return colours(bytes, layout)
  const indices = packing === rle8 || packing === rle4 ? unpacked(bytes, layout) : indexed(bytes, layout)
  const { width, height } = layout
  const pixels = new Uint8Array(indices.length * channels)
  let to = 0
  for (const index of indices) {
    for (let colour = 0; colour < channels; colour++) pixels[to++] = palette[3 * index + colour] ?? 0
  }
  return { width, height, channels, pixels }
}

/** The row of the picture in which the n-th row of the file lies. */
const rowOf = ({ height, isTopDown }: Layout, n: number): number => (isTopDown ? n : height - 1 - n)
/** Rows are padded to four bytes. */
const rowBytesOf = ({ width, bits }: Layout): number => Math.ceil((width * bits) / 32) * 4

function requirePixels(bytes: Buffer, layout: Layout): void {
  if (layout.start + rowBytesOf(layout) * layout.height > bytes.length + 3) throw new Error('cut short')
}

function indexed(bytes: Buffer, layout: Layout): Uint8Array {
  const { width, height, bits, start } = layout
  requirePixels(bytes, layout)
  const indices = new Uint8Array(width * height)
  const perByte = 8 / bits
  for (let n = 0; n < height; n++) {
    const from = start + n * rowBytesOf(layout)
    const to = rowOf(layout, n) * width
    for (let x = 0; x < width; x++) {
      const byte = bytes[from + Math.floor(x / perByte)] ?? 0
      indices[to + x] = (byte >> (8 - bits - bits * (x % perByte))) & (2 ** bits - 1)
    }
  }
  return indices
}

/** Run lengths: a count and a value; a zero and an escape; a zero and a number of single values. */
function unpacked(bytes: Buffer, layout: Layout): Uint8Array {
  const { width, height, bits, start, packing } = layout
  if (bits !== (packing === rle8 ? 8 : 4)) throw new Error('run lengths of another depth')
  const indices = new Uint8Array(width * height)
  let [at, x, n] = [start, 0, 0]
  const put = (index: number) => {
    if (x < width && n < height) indices[rowOf(layout, n) * width + x] = index
    x += 1
  }
  const nibble = (byte: number, k: number) => (bits === 8 ? byte : k % 2 === 0 ? byte >> 4 : byte & 15)
  while (n < height) {
    const [count, value] = [bytes[at], bytes[at + 1]]
    if (count === undefined || value === undefined) throw new Error('cut short')
    at += 2
    if (count > 0) for (let k = 0; k < count; k++) put(nibble(value, k))
    else if (value === 0) [x, n] = [0, n + 1]
    else if (value === 1) break
    else if (value === 2) {
      x += bytes[at] ?? 0
      n += bytes[at + 1] ?? 0
      at += 2
    } else {
      for (let k = 0; k < value; k++) put(nibble(bytes[at + (bits === 8 ? k : k >> 1)] ?? 0, k))
      // Padded to two bytes.
      at += 2 * Math.ceil((value * bits) / 16)
    }
  }
  return indices
}

/** Shift and greatest value of a mask; null if it is empty. */
function fieldOf(mask: number): { readonly shift: number; readonly most: number } | null {
  if (mask === 0) return null
  let shift = 0
  while (((mask >>> shift) & 1) === 0) shift += 1
  return { shift, most: mask >>> shift }
}

function colours(bytes: Buffer, layout: Layout): DecodedImage {
  const { width, height, bits, start, masks } = layout
  requirePixels(bytes, layout)
  const fields = masks.map(fieldOf)
  const channels = fields[3] === null || bits === 24 ? 3 : 4
  const pixels = new Uint8Array(width * height * channels)
  const bytesEach = bits / 8
  for (let n = 0; n < height; n++) {
    let from = start + n * rowBytesOf(layout)
    let to = rowOf(layout, n) * width * channels
    for (let x = 0; x < width; x++, from += bytesEach) {
      const value = from + bytesEach <= bytes.length ? bytes.readUIntLE(from, bytesEach) : 0
      for (let channel = 0; channel < channels; channel++) {
        const field = fields[channel] ?? null
        pixels[to++] = field === null ? 0 : scaled((value >>> field.shift) & field.most, field.most)
      }
    }
  }
  return { width, height, channels, pixels }
}

const scaled = (value: number, most: number): number =>
  most === 255 ? value : Math.floor((value * 255) / most)

export const bmp: ImageKind = {
  id: 'bmp',
  title: 'BMP',
  matches: (head) => startsWith(head, 'BM'),
  header: readHeader,
  decode,
}
