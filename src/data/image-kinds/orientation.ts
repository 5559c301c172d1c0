/**
 * EXIF orientation (CIPA DC-008, tag 0x0112): a camera stores what its sensor saw, and a tag says how to turn it. Every
 * viewer turns it, decoders do not.
 */
import type { Size } from '../sizes'
import type { DecodedImage } from './decoded-image'
import { tiffDirectory } from './tiff-directory'

/** 1: as stored; 2: mirrored; 3: by 180 degrees; 4: upside down; 5 to 8: width and height are exchanged. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

export const orientationTag = 0x0112

/** Values outside 1 to 8 mean nothing, and occur: 0 is written for "unknown". */
export function orientationOf(value: number | null): Orientation {
  return value !== null && value >= 1 && value <= 8 ? (value as Orientation) : 1
}

/** The orientation in an EXIF block. JPEG, and some writers of WebP, put "Exif\0\0" before its TIFF header. */
export function exifOrientation(exif: Buffer): Orientation {
  const tiff = exif.toString('latin1', 0, 4) === 'Exif' ? exif.subarray(6) : exif
  return orientationOf(tiffDirectory(tiff)?.number(orientationTag) ?? null)
}

export function turnedSize({ width, height }: Size, orientation: Orientation): Size {
  return orientation >= 5 ? { width: height, height: width } : { width, height }
}

/** Turns a picture as its orientation says. */
export function turned(image: DecodedImage, orientation: Orientation): DecodedImage {
  if (orientation === 1) return image
  const { channels, pixels } = image
  const { width, height } = turnedSize(image, orientation)
  const result = new Uint8Array(pixels.length)
  // The column and the row of the stored picture run backwards.
  const isMirrored = [2, 3, 7, 8].includes(orientation)
  const isUpsideDown = [3, 4, 6, 7].includes(orientation)
  // Steps in the stored picture to its next column and its next row, in values.
  const column = isMirrored ? -channels : channels
  const row = (isUpsideDown ? -1 : 1) * image.width * channels
  const [right, down] = orientation >= 5 ? [row, column] : [column, row]
  const first = (isMirrored ? image.width - 1 : 0) + (isUpsideDown ? (image.height - 1) * image.width : 0)
  let to = 0
  for (let y = 0; y < height; y++) {
    let from = first * channels + y * down
    for (let x = 0; x < width; x++, from += right) {
      for (let channel = 0; channel < channels; channel++) result[to++] = pixels[from + channel] as number
    }
  }
  return { width, height, channels, pixels: result }
}
