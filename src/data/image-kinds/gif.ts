/** The first picture of a GIF (GIF89a). Decoding all of them could use much memory for a small file. */
import type { DecodedImage } from './decoded-image'
import { headerFrom, type ImageHeader, type ImageKind, startsWith } from './kind'

interface Layout {
  /** The screen, enlarged to hold the picture. */
  readonly width: number
  readonly height: number
  readonly frame: {
    readonly left: number
    readonly top: number
    readonly width: number
    readonly height: number
  }
  readonly palette: Buffer
  /** Index of the transparent colour; null: there is none. */
  readonly transparent: number | null
  readonly isInterlaced: boolean
  /** Offset of the packed indices, and of the end of the picture. */
  readonly start: number
  readonly end: number
}

const extension = 0x21
const graphicControl = 0xf9
const picture = 0x2c

/** Size of a colour table of 2^(n+1) entries; 0 if there is no table. */
const tableBytes = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1))

function layoutOf(bytes: Buffer): Layout | null {
  if (bytes.length < 13) return null
  const globalBytes = tableBytes(bytes[10] ?? 0)
  const globalPalette = bytes.subarray(13, 13 + globalBytes)
  let transparent: number | null = null
  let at = 13 + globalBytes
  while (bytes[at] === extension) {
    if (bytes[at + 1] === graphicControl) {
      transparent = ((bytes[at + 3] ?? 0) & 1) === 1 ? (bytes[at + 6] ?? 0) : null
    }
    const after = behindBlocks(bytes, at + 2)
    if (after === null) return null
    at = after
  }
  if (bytes[at] !== picture || at + 11 > bytes.length) return null
  const [left, top] = [bytes.readUInt16LE(at + 1), bytes.readUInt16LE(at + 3)]
  const [width, height] = [bytes.readUInt16LE(at + 5), bytes.readUInt16LE(at + 7)]
  const flags = bytes[at + 9] ?? 0
  const localBytes = tableBytes(flags)
  const start = at + 10 + localBytes
  const end = behindBlocks(bytes, start + 1)
  if (end === null) return null
  return {
    width: Math.max(bytes.readUInt16LE(6), left + width),
    height: Math.max(bytes.readUInt16LE(8), top + height),
    frame: { left, top, width, height },
    palette: localBytes > 0 ? bytes.subarray(at + 10, start) : globalPalette,
    transparent,
    isInterlaced: (flags & 0x40) !== 0,
    start,
    end,
  }
}

/** The offset after a sequence of length-prefixed blocks that ends with an empty one; null if the end is missing. */
function behindBlocks(bytes: Buffer, start: number): number | null {
  let at = start
  for (;;) {
    const length = bytes[at]
    if (length === undefined) return null
    at += 1 + length
    if (length === 0) return at
  }
}

function readHeader(bytes: Buffer): ImageHeader | null {
  const layout = layoutOf(bytes)
  if (layout === null) return null
  const { width, height, end } = layout
  return headerFrom({ kind: 'gif', width, height, channels: 3, end })
}

function blocksAt(bytes: Buffer, start: number): Buffer {
  const blocks: Buffer[] = []
  for (let at = start, length = bytes[at] ?? 0; length > 0; length = bytes[at] ?? 0) {
    blocks.push(bytes.subarray(at + 1, at + 1 + length))
    at += 1 + length
  }
  return Buffer.concat(blocks)
}

const mostCodes = 4096

/** GIF's LZW: codes of growing width, lowest bits first. Throws if fewer than `count` indices come. */
function unpacked(packed: Buffer, codeBits: number, count: number): Uint8Array {
  if (codeBits < 1 || codeBits > 8) throw new Error('code width')
  // No code stands for more indices than there are codes; nothing is allocated for a file that cannot hold them.
  if (count > packed.length * mostCodes) throw new Error('cut short')
  const clear = 2 ** codeBits
  /** Each string is another one and a last index. */
  const prefixes = new Uint16Array(mostCodes)
  const lasts = new Uint8Array(mostCodes)
  const firsts = new Uint8Array(mostCodes)
  const lengths = new Uint16Array(mostCodes)
  for (let code = 0; code < clear; code++) [firsts[code], lasts[code], lengths[code]] = [code, code, 1]
  const indices = new Uint8Array(count)
  let [width, next, previous] = [codeBits + 1, clear + 2, -1]
  let [held, heldBits, at, to] = [0, 0, 0, 0]

  /** Writes a string from its end. */
  function write(code: number): void {
    let place = to + (lengths[code] as number) - 1
    to = place + 1
    let first = code
    for (let left = lengths[code] as number; left > 0; left--, place--) {
      if (place < count) indices[place] = lasts[first] as number
      if (left > 1) first = prefixes[first] as number
    }
  }

  while (to < count) {
    while (heldBits < width) {
      const byte = packed[at++]
      if (byte === undefined) throw new Error('cut short')
      held |= byte << heldBits
      heldBits += 8
    }
    const code = held & ((1 << width) - 1)
    held >>>= width
    heldBits -= width
    if (code === clear) {
      ;[width, next, previous] = [codeBits + 1, clear + 2, -1]
      continue
    }
    if (code === clear + 1 || code > next || (code === next && previous < 0)) throw new Error('bad code')
    if (previous >= 0 && next < mostCodes) {
      prefixes[next] = previous
      lengths[next] = (lengths[previous] as number) + 1
      // The string of `next` itself ends with its own first index, which is that of `previous`.
      lasts[next] = firsts[code === next ? previous : code] as number
      firsts[next] = firsts[previous] as number
      next += 1
      if (next === 1 << width && width < 12) width += 1
    } else if (code >= next) throw new Error('bad code')
    write(code)
    previous = code
  }
  return indices
}

/** First row and distance of the rows of the four passes of an interlaced picture. */
const passes = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
] as const

function rowsInOrder(height: number, isInterlaced: boolean): number[] {
  if (!isInterlaced) return Array.from({ length: height }, (_, row) => row)
  return passes.flatMap(([first, step]) =>
    Array.from({ length: Math.max(0, Math.ceil((height - first) / step)) }, (_, k) => first + k * step),
  )
}

function decode(bytes: Buffer): DecodedImage {
  const layout = layoutOf(bytes)
  if (layout === null) throw new Error('no header')
  const { width, height, frame, palette, transparent, start } = layout
  const indices = unpacked(blocksAt(bytes, start + 1), bytes[start] ?? 0, frame.width * frame.height)
  const channels = transparent === null ? 3 : 4
  const pixels = new Uint8Array(width * height * channels)
  const put = (index: number, to: number) => {
    for (let colour = 0; colour < 3; colour++) pixels[to + colour] = palette[3 * index + colour] ?? 0
    if (transparent !== null) pixels[to + 3] = index === transparent ? 0 : 255
  }
  const isWhole = frame.width === width && frame.height === height
  if (!isWhole) for (let i = 0; i < width * height; i++) put(transparent ?? 0, i * channels)
  for (const [n, row] of rowsInOrder(frame.height, layout.isInterlaced).entries()) {
    const to = ((frame.top + row) * width + frame.left) * channels
    for (let x = 0; x < frame.width; x++) put(indices[n * frame.width + x] ?? 0, to + x * channels)
  }
  return { width, height, channels, pixels }
}

export const gif: ImageKind = {
  id: 'gif',
  title: 'GIF',
  matches: (head) => startsWith(head, 'GIF87a') || startsWith(head, 'GIF89a'),
  header: readHeader,
  decode: (bytes) => decode(bytes),
}
