/**
 * Reads an image's header before decoding, as strictly as the decoder does: a file that states one size here and
 * another to the decoder is refused. Stated sizes never cause allocation.
 */
import { labError } from '../contract/errors'
import type { ImageHeader } from './image-kinds/kind'
import { imageKindOf } from './image-kinds/registry'
import { unreadImageKind } from './image-kinds/unread'
import type { Size } from './sizes'

/** The header of an image; null for other files, an invalid header, and one that needs more of the file. */
export function imageHeader(bytes: Buffer): ImageHeader | null {
  const header = unreadImageKind(bytes) === null ? (imageKindOf(bytes)?.header(bytes) ?? null) : null
  return header === null || header.end > bytes.length ? null : header
}

/**
 * The header in the whole of a file.
 * @throws `image-kind-unread`, `image-undecodable`
 */
export function requireHeader(file: string, bytes: Buffer): ImageHeader {
  const header = imageHeader(bytes)
  if (header !== null) return header
  const kind = unreadImageKind(bytes)
  throw kind === null
    ? labError('image-undecodable', { file })
    : labError('image-kind-unread', { file, kind })
}

/** Limit on width and height. */
const maxSide = 65_535
const megapixel = 1_000_000
/** Limit on the pixels of one image: decoded, it takes up to four bytes for each. */
const maxMegapixels = 100

/** Throws `image-too-large`: a small file may claim an enormous size. */
export function refuseTooLarge(file: string, { width, height }: Size): void {
  if (width > maxSide || height > maxSide || width * height > maxMegapixels * megapixel) {
    throw labError('image-too-large', { file, width, height, most: maxMegapixels, side: maxSide })
  }
}

/** Images of more pixels are decoded one at a time, and their memory is said. */
export const mostTogether = 16 * megapixel
