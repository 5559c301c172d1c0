/** RGBA whose alpha is 255 everywhere, as RGB: decoders that always give alpha say nothing by it. */
import type { DecodedImage } from './kind'

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
