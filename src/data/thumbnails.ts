/** Small pictures for display: the page receives no more pixels than it draws. */
import type { Images } from '../contract/dataset'
import { withChannels } from './colour'
import { framingTo, resizer } from './framing'
import type { Picture } from './picture'
import type { Size } from './sizes'

/** Longest side of a picture for the page. */
export const thumbnailSide = 96

/** The size of a picture for the page: the aspect ratio is kept, in whole pixels of at least 1. */
function thumbnailSize({ width, height }: Size): Size {
  const longer = Math.max(width, height)
  if (longer <= thumbnailSide) return { width, height }
  const side = (length: number) => Math.max(1, Math.round((length * thumbnailSide) / longer))
  return { width: side(width), height: side(height) }
}

/** The picture, reduced if a side is longer than 96. */
export function thumbnailOf(picture: Picture): Picture {
  const { width, height } = thumbnailSize(picture)
  const isSmall = width === picture.width && height === picture.height
  return isSmall ? picture : resizer(picture, width, height)(picture)
}

/** Pictures of one size; pictures of different sizes are framed to one square by `letterbox`. */
function toOneSize(pictures: readonly Picture[]): readonly Picture[] {
  const [first] = pictures
  if (pictures.every(({ width, height }) => width === first?.width && height === first.height)) {
    return pictures
  }
  const side = Math.max(...pictures.map(({ width, height }) => Math.max(width, height)))
  return pictures.map(framingTo('letterbox', side))
}

/** Thumbnails as the page receives them. */
export function imagesFrom(thumbnails: readonly Picture[], labels: readonly number[]): Images {
  const channels = thumbnails.some((picture) => picture.channels === 3) ? 3 : 1
  const pictures = toOneSize(thumbnails)
  const bytes = pictures.map((picture) =>
    Uint8Array.from(withChannels(picture, channels).values, (value) => Math.round(value * 255)),
  )
  const { width, height } = pictures[0] ?? { width: 0, height: 0 }
  return { width, height, channels, labels: [...labels], pixels: Buffer.concat(bytes).toString('base64') }
}
