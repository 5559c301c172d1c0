/**
 * Reduces a decoded image row by row, without holding it as numbers: at 48 megapixels those alone would take 576 MB. The
 * weights are those of framing.ts, as whole numbers, applied to rows first and then to columns; the result is within 0.02
 * of the exact value before it is rounded.
 */
import { tapsOf } from './framing'
import type { DecodedImage } from './image-kinds/decoded-image'
import type { Size } from './sizes'

/** A weight of 1. Whole numbers are twice as fast as fractions in JavaScript. */
const one = 2 ** 14
/** Bits that are dropped between the two directions, so that the products fit in 32 bits. */
const dropped = 6
const half = 2 ** 21
const whole = 22

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

/** The positions that contribute to each output position, as lists: of all weights, and where each output's begin. */
interface WholeTaps {
  readonly firsts: Int32Array
  /** `[outputs + 1]` */
  readonly starts: Int32Array
  /** Those of an output sum to `one`. */
  readonly weights: Int32Array
}

function wholeTaps(from: number, to: number): WholeTaps {
  const taps = tapsOf(from, to)
  const starts = new Int32Array(to + 1)
  const weights: number[] = []
  for (const [output, tap] of taps.entries()) {
    const rounded = tap.weights.map((weight) => Math.round(weight * one))
    const middle = rounded.indexOf(Math.max(...rounded))
    rounded[middle] = (rounded[middle] ?? 0) + one - rounded.reduce((sum, weight) => sum + weight, 0)
    weights.push(...rounded)
    starts[output + 1] = weights.length
  }
  return { firsts: Int32Array.from(taps, ({ first }) => first), starts, weights: Int32Array.from(weights) }
}

/** The image in this size, in 1 or 3 channels; alpha is composed on white before. */
export function reduced(image: DecodedImage, { width, height }: Size): DecodedImage {
  const { channels } = image
  const colours = channels < 3 ? 1 : 3
  const rows = wholeTaps(image.height, height)
  const columns = wholeTaps(image.width, width)
  const line = new Int32Array(image.width * colours)
  const result = new Uint8Array(width * height * colours)
  const add = channels === colours ? addOpaque : addComposed
  const narrow = colours === 1 ? narrowGrey : narrowRgb
  for (let y = 0; y < height; y++) {
    const weights = rows.weights.subarray(rows.starts[y], rows.starts[y + 1])
    line.fill(0)
    add(line, image, rows.firsts[y] as number, weights)
    narrow(line, columns, result, y * width * colours)
  }
  return { width, height, channels: colours, pixels: result }
}

/** Rows that are added at a time: reading and writing the sums would take longer than the products. */
const together = 5

function addOpaque(line: Int32Array, image: DecodedImage, first: number, weights: Int32Array): void {
  const { width, channels, pixels } = image
  const length = width * channels
  for (let k = 0; k < weights.length; k += together) {
    const weight = (n: number) => weights[k + n] ?? 0
    const row = (n: number) => (first + Math.min(k + n, weights.length - 1)) * length
    const [w0, w1, w2, w3, w4] = [weight(0), weight(1), weight(2), weight(3), weight(4)]
    const [r0, r1, r2, r3, r4] = [row(0), row(1), row(2), row(3), row(4)]
    for (let i = 0; i < length; i++) {
      line[i] =
        ((line[i] as number) +
          Math.imul(w0, pixels[r0 + i] as number) +
          Math.imul(w1, pixels[r1 + i] as number) +
          Math.imul(w2, pixels[r2 + i] as number) +
          Math.imul(w3, pixels[r3 + i] as number) +
          Math.imul(w4, pixels[r4 + i] as number)) |
        0
    }
  }
}

function addComposed(line: Int32Array, image: DecodedImage, first: number, weights: Int32Array): void {
  const { width, channels, pixels } = image
  for (const [k, weight] of weights.entries()) {
    const row = pixels.subarray((first + k) * width * channels, (first + k + 1) * width * channels)
    const opaque = composed({ width, height: 1, channels, pixels: row })
    addOpaque(line, opaque, 0, Int32Array.of(weight))
  }
}

/** Writes one row of the result from the sums of its rows. */
function narrowGrey(line: Int32Array, columns: WholeTaps, result: Uint8Array, start: number): void {
  const { firsts, starts, weights } = columns
  for (let x = 0; x < firsts.length; x++) {
    const end = starts[x + 1] as number
    let from = firsts[x] as number
    let sum = half
    for (let k = starts[x] as number; k < end; k++, from++) {
      sum = (sum + Math.imul(weights[k] as number, (line[from] as number) >> dropped)) | 0
    }
    result[start + x] = sum >> whole
  }
}

function narrowRgb(line: Int32Array, columns: WholeTaps, result: Uint8Array, start: number): void {
  const { firsts, starts, weights } = columns
  let to = start
  for (let x = 0; x < firsts.length; x++) {
    const end = starts[x + 1] as number
    let from = 3 * (firsts[x] as number)
    let red = half
    let green = half
    let blue = half
    for (let k = starts[x] as number; k < end; k++, from += 3) {
      const weight = weights[k] as number
      red = (red + Math.imul(weight, (line[from] as number) >> dropped)) | 0
      green = (green + Math.imul(weight, (line[from + 1] as number) >> dropped)) | 0
      blue = (blue + Math.imul(weight, (line[from + 2] as number) >> dropped)) | 0
    }
    result[to++] = red >> whole
    result[to++] = green >> whole
    result[to++] = blue >> whole
  }
}
