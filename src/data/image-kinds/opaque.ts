/** Decoders that always give RGBA say nothing by it. */
import type { DecodedImage } from './decoded-image'

/** RGBA whose alpha is 255 everywhere, as RGB. */
export function withoutOpaque(image: DecodedImage): DecodedImage {
  const { width, height, channels, pixels } = image
  if (channels !== 4) return image
  for (let at = 3; at < pixels.length; at += 4) if (pixels[at] !== 255) return image
  const rgb = new Uint8Array(3 * width * height)
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = pixels[from] as number
    rgb[to + 1] = pixels[from + 1] as number
    rgb[to + 2] = pixels[from + 2] as number
  }
  return { width, height, channels: 3, pixels: rgb }
}

/** RGB or RGBA of equal colours, as grey. */
export function asGrey({ width, height, channels, pixels }: DecodedImage): DecodedImage {
  const kept = channels - 2
  const grey = new Uint8Array(kept * width * height)
  for (let from = 0, to = 0; from < pixels.length; from += channels, to += kept) {
    grey[to] = pixels[from] as number
    if (kept === 2) grey[to + 1] = pixels[from + 3] as number
  }
  return { width, height, channels: kept, pixels: grey }
}
