/** All kinds of image files that are read. */
import { avif } from './avif'
import { bmp } from './bmp'
import { gif } from './gif'
import { jpeg } from './jpeg'
import type { ImageKind } from './kind'
import { netpbm } from './netpbm'
import { png } from './png'
import { tiff } from './tiff'
import { webp } from './webp'

export const imageKinds: readonly ImageKind[] = [png, jpeg, bmp, gif, webp, tiff, avif, netpbm]

/** The kind of a file by its first bytes; null if it is none of these. */
export function imageKindOf(head: Buffer): ImageKind | null {
  return imageKinds.find((kind) => kind.matches(head)) ?? null
}
