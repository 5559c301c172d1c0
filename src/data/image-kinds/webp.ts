/** WebP (RFC 9649): lossy, lossless, and either with alpha. TensorFlow decodes it on some systems only. */
import { headerFrom, type ImageHeader, type ImageKind, startsWith } from './kind'
import { exifOrientation, type Orientation } from './orientation'
import { wasmDecoder } from './wasm'
import { withoutOpaque } from './opaque'

const hasExif = 0x08
const isAnimated = 0x02
const firstChunk = 12
/** Name and length of a chunk. */
const frameBytes = 8

export function isAnimatedWebp(head: Buffer): boolean {
  return isWebp(head) && startsWith(head, 'VP8X', firstChunk) && ((head[20] ?? 0) & isAnimated) !== 0
}

const isWebp = (head: Buffer): boolean => startsWith(head, 'RIFF') && startsWith(head, 'WEBP', 8)

function sizeIn(bytes: Buffer): { readonly width: number; readonly height: number } | null {
  switch (bytes.toString('latin1', firstChunk, firstChunk + 4)) {
    case 'VP8 ':
      // After a tag of 3 bytes and a start code of 3: 14 bits each.
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21)
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    }
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }
    default:
      return null
  }
}

function readHeader(bytes: Buffer): ImageHeader | null {
  if (bytes.length < 30 || isAnimatedWebp(bytes)) return null
  const size = sizeIn(bytes)
  const isExtended = startsWith(bytes, 'VP8X', firstChunk)
  const orientation = isExtended && ((bytes[20] ?? 0) & hasExif) !== 0 ? orientationIn(bytes) : 1
  if (size === null || orientation === null) return null
  return headerFrom({ kind: 'webp', ...size, channels: 3, orientation, end: bytes.length })
}

/** EXIF stands after the pixels. Null if the bytes end before it. */
function orientationIn(bytes: Buffer): Orientation | null {
  let at = firstChunk
  while (at + frameBytes <= bytes.length) {
    const length = bytes.readUInt32LE(at + 4)
    const end = at + frameBytes + length
    if (end > bytes.length) return null
    if (startsWith(bytes, 'EXIF', at)) return exifOrientation(bytes.subarray(at + frameBytes, end))
    // Chunks are padded to two bytes.
    at = end + (length % 2)
  }
  return null
}

const decode = wasmDecoder(
  () => import('@jsquash/webp/codec/dec/webp_dec.js'),
  '@jsquash/webp/codec/dec',
  'webp_dec.wasm',
)

export const webp: ImageKind = {
  id: 'webp',
  title: 'WebP',
  matches: isWebp,
  header: readHeader,
  decode: async (bytes) => withoutOpaque(await decode(bytes)),
}
