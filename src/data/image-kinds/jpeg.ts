import { exifOrientation, type Orientation } from './orientation'
import type { DecodedImage } from './decoded-image'
import { headerFrom, type ImageHeader, type ImageKind, type Ratio, ratios, startsWith } from './kind'

/** Frames: baseline, extended, progressive. The decoders do not read other kinds. */
const frames = [0xc0, 0xc1, 0xc2]
/** Markers between 0xc0 and 0xcf that are no frame: tables of Huffman and arithmetic codes, and a reserved one. */
const noFrames = [0xc4, 0xc8, 0xcc]
const startOfScan = 0xda
const app1 = 0xe1
/** Markers without a length: TEM and the restart markers. */
const isBare = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)

const app14 = 0xee

interface Segments {
  /** Offset of the frame. */
  readonly frame: number
  readonly orientation: Orientation
  readonly hasAdobe: boolean
}

/**
 * Reads segment by segment up to the pixels. Bytes between segments, which a decoder would skip, are refused here:
 * another size could hide in them.
 */
function segmentsOf(bytes: Buffer): Segments | null {
  let orientation: Orientation | null = null
  let frame: number | null = null
  let hasAdobe = false
  let at = 2
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1] ?? 0
    // A marker may be preceded by any number of 0xff.
    if (marker === 0xff || isBare(marker)) {
      at += marker === 0xff ? 1 : 2
      continue
    }
    if (marker === startOfScan)
      return frame === null ? null : { frame, orientation: orientation ?? 1, hasAdobe }
    const end = at + 2 + bytes.readUInt16BE(at + 2)
    if (end > bytes.length) return null
    if (frames.includes(marker)) {
      if (frame !== null) return null
      frame = at
    } else if (marker < 0xd0 && !noFrames.includes(marker)) return null
    else if (marker === app14) hasAdobe ||= startsWith(bytes, 'Adobe', at + 4)
    else if (marker === app1 && startsWith(bytes, 'Exif\0\0', at + 4)) {
      orientation ??= exifOrientation(bytes.subarray(at + 4, end))
    }
    at = end
  }
  return null
}

const componentsAt = (bytes: Buffer, frame: number): number => bytes[frame + 9] ?? 0

function readHeader(bytes: Buffer): ImageHeader | null {
  const segments = segmentsOf(bytes)
  if (segments === null || segments.frame + 10 > bytes.length) return null
  const { frame, orientation } = segments
  return headerFrom({
    kind: 'jpeg',
    width: bytes.readUInt16BE(frame + 7),
    height: bytes.readUInt16BE(frame + 5),
    channels: componentsAt(bytes, frame) === 1 ? 1 : 3,
    orientation,
    end: bytes.length,
  })
}

/** A segment of Adobe: version 100, no flags, and colours that are not transformed. */
const adobe = Buffer.from('\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0', 'latin1')

/**
 * CMYK is stored inverted, as Adobe does it, also in files without Adobe's segment; viewers and Pillow read all of it so.
 * TensorFlow looks for the segment.
 */
function withAdobe(bytes: Buffer): Buffer {
  const segments = segmentsOf(bytes)
  if (segments === null || segments.hasAdobe || componentsAt(bytes, segments.frame) !== 4) return bytes
  return Buffer.concat([bytes.subarray(0, 2), adobe, bytes.subarray(2)])
}

/** The most that the sides can be divided by, so that the shorter one is at least `least`; Pillow's `draft` does so. */
function ratioFor({ stored }: ImageHeader, least: number): Ratio {
  const shorter = Math.min(stored.width, stored.height)
  return ratios.find((ratio) => Math.floor(shorter / ratio) >= least) ?? 1
}

export const jpeg: ImageKind = {
  id: 'jpeg',
  title: 'JPEG',
  matches: (head) => startsWith(head, '\xff\xd8\xff'),
  header: readHeader,
  decode: (bytes, header, { native, least }): Promise<DecodedImage> =>
    native.jpeg(withAdobe(bytes), ratioFor(header, least)),
}
