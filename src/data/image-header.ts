/**
 * Reads an image's header before decoding, as strictly as the decoder does: a file that states one size here and
 * another to the decoder is refused. Stated sizes never cause allocation.
 */

export interface ImageHeader {
  readonly format: 'png' | 'jpeg' | 'bmp' | 'gif'
  readonly width: number
  readonly height: number
  /** 3: the decoder gives red, green and blue; 1: grey. An alpha channel is not counted. */
  readonly channels: 1 | 3
  /** Offset of the end of the first picture; bytes after it are not decoded. */
  readonly end: number
}

/** The header of a PNG, JPEG, BMP or GIF; null for other formats or an incomplete header. */
export function imageHeader(bytes: Buffer): ImageHeader | null {
  const header = readers.find(({ magic }) => bytes.subarray(0, magic.length).equals(magic))?.read(bytes)
  return header === undefined || header === null || header.end > bytes.length ? null : header
}

interface Reader {
  readonly magic: Buffer
  readonly read: (bytes: Buffer) => ImageHeader | null
}

const readers: readonly Reader[] = [
  { magic: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), read: readPng },
  { magic: Buffer.from([0xff, 0xd8, 0xff]), read: readJpeg },
  { magic: Buffer.from('BM'), read: readBmp },
  { magic: Buffer.from('GIF87a'), read: readGif },
  { magic: Buffer.from('GIF89a'), read: readGif },
]

/** Colour types: grey, and grey with alpha. */
const pngGrey = [0, 4]

/** The first chunk is the header: 8 bytes of signature, length, name, width, height. */
function readPng(bytes: Buffer): ImageHeader | null {
  if (bytes.length < 33 || bytes.toString('latin1', 12, 16) !== 'IHDR') return null
  return {
    format: 'png',
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    channels: pngGrey.includes(bytes[25] ?? -1) ? 1 : 3,
    end: bytes.length,
  }
}

/** Offset of the pixels, size of the header, then width and height; the height is negative if rows run top down. */
function readBmp(bytes: Buffer): ImageHeader | null {
  if (bytes.length < 30) return null
  const [width, height] = [bytes.readInt32LE(18), bytes.readInt32LE(22)]
  if (width <= 0) return null
  // Bits per pixel. The decoder reads eight as grey, without a palette.
  const channels = bytes.readUInt16LE(28) === 8 ? 1 : 3
  return { format: 'bmp', width, height: Math.abs(height), channels, end: bytes.length }
}

/** Frames: baseline, extended, progressive. The decoders do not read other kinds. */
const jpegFrames = [0xc0, 0xc1, 0xc2]
/** Markers without a length: TEM and the restart markers. */
const isBare = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)

/** Reads segment by segment up to the frame. Bytes between segments, which a decoder would skip, are refused here. */
function readJpeg(bytes: Buffer): ImageHeader | null {
  let at = 2
  while (at + 10 <= bytes.length) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1] ?? 0
    // A marker may be preceded by any number of 0xff.
    if (marker === 0xff) at += 1
    else if (isBare(marker)) at += 2
    else if (jpegFrames.includes(marker)) {
      const height = bytes.readUInt16BE(at + 5)
      const channels = bytes[at + 9] === 1 ? 1 : 3
      return { format: 'jpeg', width: bytes.readUInt16BE(at + 7), height, channels, end: bytes.length }
    } else if (marker < 0xc4) return null
    else at += 2 + bytes.readUInt16BE(at + 2)
  }
  return null
}

/** Size of a colour table of 2^(n+1) entries; 0 if there is no table. */
const tableBytes = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1))

/** The first picture of a GIF and its screen; the larger of the two sizes counts. */
function readGif(bytes: Buffer): ImageHeader | null {
  if (bytes.length < 13) return null
  const screen = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)] as const
  let at = 13 + tableBytes(bytes[10] ?? 0)
  while (bytes[at] === 0x21) {
    const after = behindBlocks(bytes, at + 2)
    if (after === null) return null
    at = after
  }
  if (bytes[at] !== 0x2c || at + 11 > bytes.length) return null
  const end = behindBlocks(bytes, at + 11 + tableBytes(bytes[at + 9] ?? 0))
  if (end === null) return null
  return {
    format: 'gif',
    width: Math.max(screen[0], bytes.readUInt16LE(at + 1) + bytes.readUInt16LE(at + 5)),
    height: Math.max(screen[1], bytes.readUInt16LE(at + 3) + bytes.readUInt16LE(at + 7)),
    channels: 3,
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
