/**
 * One image file as it is stored: decoded, reduced if its shorter side is over 320 pixels, transparent parts composed on
 * white, turned as its EXIF orientation says. All of it may run in another process (src/workers/photo-readers.ts).
 */
import type { z } from 'zod'
import { labError, LabError } from '../contract/errors'
import type { photoFactsSchema, statedImageSchema } from '../contract/worker'
import { readWhole } from './file'
import { imageHeader, refuseTooLarge } from './image-header'
import type { DecodedImage } from './image-kinds/decoded-image'
import type { ImageHeader } from './image-kinds/kind'
import { ratios } from './image-kinds/kind'
import { turned } from './image-kinds/orientation'
import { refuseImageBeyondMemory } from './memory'
import { fileDigest } from './picture-index'
import { composed, isTransparent, reduced } from './reduce'
import { type Size, sidesEqual } from './sizes'
import { maxShorterSide, storedSize } from './stored-size'

/**
 * Decodes an image, not turned. If `least` is given, the decoder may divide width and height by 2, 4 or 8, as long as the
 * shorter side has at least so many pixels. Rejects, with any value, if it cannot decode the bytes.
 */
export type DecodeImage = (bytes: Uint8Array, file: string, least?: number) => Promise<DecodedImage>

export type Stated = z.infer<typeof statedImageSchema>

export interface Photo extends z.infer<typeof photoFactsSchema> {
  /** `[height, width, channels]`, with the channels that were asked for. */
  readonly pixels: Uint8Array
}

/**
 * A decoder may divide by 2, 4 or 8 while the shorter side is at least this. Pillow's `draft` with twice the wanted size
 * divides by the same.
 */
const leastDecoded = 2 * maxShorterSide

/**
 * @param channels of the whole folder: 3 also for a grey image among coloured ones
 * @throws `image-beyond-memory`; `image-undecodable`, also if the file is no longer what its header stated; what reading the file throws
 */
export async function readPhoto(stated: Stated, channels: 1 | 3, decode: DecodeImage): Promise<Photo> {
  return photoIn(await readWhole(stated.file), stated, channels, decode)
}

/** The same from the bytes of the file. */
export async function photoIn(
  bytes: Buffer,
  stated: Stated,
  channels: 1 | 3,
  decode: DecodeImage,
): Promise<Photo> {
  const { file } = stated
  const header = imageHeader(bytes)
  if (header === null || !sidesEqual(header, stated.size) || header.channels !== stated.channels) {
    throw labError('image-undecodable', { file })
  }
  refuseTooLarge(file, header)
  refuseImageBeyondMemory(file, header, memoryFor(header))
  const size = storedSize(header.stored)
  const isReduced = !sidesEqual(size, header.stored)
  const decoded = await decodeFile(bytes, file, header, isReduced, decode)
  const isOnWhite = isTransparent(decoded)
  const small = sidesEqual(decoded, size) ? composed(decoded) : reduced(decoded, size)
  const { width, height, pixels } = turned(withChannels(small, channels), header.orientation)
  const { isDeep } = header
  const isTurned = header.orientation !== 1
  return { width, height, pixels, isReduced, isTurned, isDeep, isOnWhite, digest: fileDigest(bytes) }
}

/** Throws `image-undecodable`, also if the decoder finds another size or colour than the header states. */
async function decodeFile(
  bytes: Uint8Array,
  file: string,
  { stored, channels }: ImageHeader,
  isReduced: boolean,
  decode: DecodeImage,
): Promise<DecodedImage> {
  const found = await decode(bytes, file, isReduced ? leastDecoded : undefined).catch((error: unknown) => {
    if (error instanceof LabError) throw error
    return null
  })
  const isStated = (ratio: number) =>
    found?.width === Math.ceil(stored.width / ratio) && found.height === Math.ceil(stored.height / ratio)
  const isAsStated = ratios.some((ratio) => (isReduced || ratio === 1) && isStated(ratio))
  if (found === null || !isAsStated || (found.channels < 3 ? 1 : 3) !== channels) {
    throw labError('image-undecodable', { file })
  }
  return found
}

/** Grey as RGB, if the folder is in colour. */
function withChannels(image: DecodedImage, channels: 1 | 3): DecodedImage {
  if (image.channels === channels) return image
  const { width, height, pixels } = image
  const rgb = new Uint8Array(3 * pixels.length)
  for (let from = 0, to = 0; from < pixels.length; from++) {
    const grey = pixels[from] as number
    rgb[to++] = grey
    rgb[to++] = grey
    rgb[to++] = grey
  }
  return { width, height, channels, pixels: rgb }
}

/** Bytes that decoding needs for each pixel: the picture in the decoder and as bytes, with alpha. */
const bytesPerPixel = 10

/** About what decoding an image of this size takes. */
export const memoryFor = ({ width, height }: Size): number => width * height * bytesPerPixel
