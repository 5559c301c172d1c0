/**
 * Reduces a decoded image row by row, without holding it as numbers: at 48 megapixels those alone would take 576 MB. The
 * weights are those of framing.ts, applied to rows first and then to columns; the result is rounded once, at the end.
 */
import { type Tap, tapsOf } from './framing'
import type { DecodedImage } from './image-kinds/kind'
import type { Size } from './sizes'

/** The image with alpha composed on white, in 1 or 3 channels. */
export function composed(image: DecodedImage): DecodedImage {
  const { width, height, channels, pixels } = image
  if (channels === 1 || channels === 3) return image
  const colours = channels - 1
  const result = new Uint8Array(width * height * colours)
  let to = 0
  for (let from = 0; from < pixels.length; from += channels) {
    const alpha = pixels[from + colours] as number
    for (let i = from; i < from + colours; i++) {
      result[to++] = Math.round((alpha * (pixels[i] as number)) / 255 + 255 - alpha)
    }
  }
  return { width, height, channels: colours, pixels: result }
}

export function isTransparent({ channels, pixels }: DecodedImage): boolean {
  if (channels === 1 || channels === 3) return false
  for (let at = channels - 1; at < pixels.length; at += channels) if (pixels[at] !== 255) return true
  return false
}

/** The image in this size, in 1 or 3 channels; alpha is composed on white before. */
export function reduced(image: DecodedImage, { width, height }: Size): DecodedImage {
  const { channels, pixels } = image
  const colours = channels < 3 ? 1 : 3
  const rows = tapsOf(image.height, height)
  const columns = tapsOf(image.width, width)
  const line = new Float64Array(image.width * colours)
  const result = new Uint8Array(width * height * colours)
  const add = channels === colours ? addOpaque : addComposed
  for (let y = 0; y < height; y++) {
    const { first, weights } = rows[y] as Tap
    line.fill(0)
    for (let k = 0; k < weights.length; k++) {
      const start = (first + k) * image.width * channels
      add(line, pixels, start, weights[k] as number, colours)
    }
    narrow(line, columns, colours, result, y * width * colours)
  }
  return { width, height, channels: colours, pixels: result }
}

function addOpaque(line: Float64Array, pixels: Uint8Array, start: number, weight: number): void {
  for (let i = 0; i < line.length; i++) line[i] = (line[i] as number) + weight * (pixels[start + i] as number)
}

function addComposed(line: Float64Array, pixels: Uint8Array, start: number, weight: number, colours: number) {
  for (let i = 0, from = start; i < line.length; from += colours + 1) {
    const alpha = (pixels[from + colours] as number) / 255
    const white = 255 * (1 - alpha)
    for (let k = 0; k < colours; k++, i++) {
      line[i] = (line[i] as number) + weight * (alpha * (pixels[from + k] as number) + white)
    }
  }
}

/** Writes one row of the result. */
function narrow(
  line: Float64Array,
  columns: readonly Tap[],
  colours: number,
  result: Uint8Array,
  start: number,
) {
  let to = start
  for (const { first, weights } of columns) {
    for (let colour = 0; colour < colours; colour++) {
      let sum = 0
      let from = first * colours + colour
      for (let k = 0; k < weights.length; k++, from += colours)
        sum += (weights[k] as number) * (line[from] as number)
      result[to++] = Math.round(sum)
    }
  }
}
