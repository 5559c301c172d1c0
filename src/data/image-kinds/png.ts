import type { DecodedImage } from './decoded-image'
import { headerFrom, type ImageHeader, type ImageKind, startsWith } from './kind'
import { exifOrientation, type Orientation } from './orientation'

/** Colour types: grey, and grey with alpha. */
const grey = [0, 4]
/** Those in which one colour may be transparent. */
const keyed = [0, 2]
const signatureBytes = 8
/** Length, name and checksum of a chunk. */
const frameBytes = 12

/** The body of the first chunk of this name; undefined: there is none; null: the bytes end before the last chunk. */
function chunkIn(bytes: Buffer, name: string): Buffer | undefined | null {
  let at = signatureBytes
  while (at + frameBytes <= bytes.length) {
    const end = at + frameBytes + bytes.readUInt32BE(at)
    if (end > bytes.length) return null
    if (startsWith(bytes, name, at + 4)) return bytes.subarray(at + 8, end - 4)
    if (startsWith(bytes, 'IEND', at + 4)) return undefined
    at = end
  }
  return null
}

/** The first chunk is the header: 8 bytes of signature, length, name, width, height, bits, colour type. */
function readHeader(bytes: Buffer): ImageHeader | null {
  if (bytes.length < 33 || !startsWith(bytes, 'IHDR', 12)) return null
  // EXIF may stand before or after the pixels.
  const exif = chunkIn(bytes, 'eXIf')
  if (exif === null) return null
  const orientation: Orientation = exif === undefined ? 1 : exifOrientation(exif)
  return headerFrom({
    kind: 'png',
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    channels: grey.includes(bytes[25] ?? -1) ? 1 : 3,
    isDeep: bytes[24] === 16,
    orientation,
    end: bytes.length,
  })
}

/**
 * The one transparent colour of an image without alpha, as bytes; null if there is none. With 16 bits several colours
 * have the same upper bytes, so that it cannot be found again in what the decoder gives.
 */
function transparentColour(bytes: Buffer): number[] | null {
  const [depth, type] = [bytes[24] ?? 0, bytes[25] ?? -1]
  const key = keyed.includes(type) && depth <= 8 ? chunkIn(bytes, 'tRNS') : null
  const colours = type === 2 ? 3 : 1
  if (key === null || key === undefined || key.length < 2 * colours) return null
  return Array.from({ length: colours }, (_, k) => (key.readUInt16BE(2 * k) * 255) / (2 ** depth - 1))
}

/** TensorFlow gives alpha for the transparent colours of a palette, but not for this one. */
function withAlpha(image: DecodedImage, colour: readonly number[] | null): DecodedImage {
  const { width, height, channels, pixels } = image
  if (colour === null || colour.length !== channels) return image
  const result = new Uint8Array(width * height * (channels + 1))
  for (let from = 0, to = 0; from < pixels.length; from += channels, to += channels + 1) {
    for (let k = 0; k < channels; k++) result[to + k] = pixels[from + k] as number
    result[to + channels] = colour.every((value, k) => value === pixels[from + k]) ? 0 : 255
  }
  return { width, height, channels: channels + 1, pixels: result }
}

export const png: ImageKind = {
  id: 'png',
  title: 'PNG',
  matches: (head) => startsWith(head, '\x89PNG\r\n\x1a\n'),
  header: readHeader,
  decode: async (bytes, _header, { native }) => withAlpha(await native.png(bytes), transparentColour(bytes)),
}
