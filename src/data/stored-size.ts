/** The size at which an image is stored. */
import type { Size } from './sizes'

/** Larger images are reduced during the import, so that their shorter side has this many pixels. */
export const maxShorterSide = 320

/** The aspect ratio is kept, in whole pixels. */
export function storedSize(size: Size): Size {
  const shorter = Math.min(size.width, size.height)
  if (shorter <= maxShorterSide) return size
  const side = (length: number) => Math.round((length * maxShorterSide) / shorter)
  return { width: side(size.width), height: side(size.height) }
}
