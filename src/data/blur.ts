/** Gaussian blur: weights exp(-d^2 / 2s^2) out to 3s pixels, summing to 1, along rows and then columns. */
import type { Picture } from './picture'

/** The weights from the centre outwards: `[w(0), w(1), ...]`. */
function weightsOf(deviation: number): number[] {
  const reach = Math.ceil(3 * deviation)
  const raw = Array.from({ length: reach + 1 }, (_, d) => Math.exp(-(d * d) / (2 * deviation * deviation)))
  const sum = raw.reduce((total, weight, d) => total + (d === 0 ? weight : 2 * weight), 0)
  return raw.map((weight) => weight / sum)
}

/** Blurs lines of `length` values that are `step` apart and begin at `starts`. */
function blurLines(
  values: Float32Array,
  starts: readonly number[],
  length: number,
  step: number,
  weights: readonly number[],
) {
  const result = new Float32Array(values.length)
  for (const start of starts) {
    for (let position = 0; position < length; position++) {
      let sum = 0
      for (let d = 1 - weights.length; d < weights.length; d++) {
        const from = position + d
        if (from >= 0 && from < length)
          sum += (weights[Math.abs(d)] ?? 0) * (values[start + from * step] ?? 0)
      }
      result[start + position * step] = sum
    }
  }
  return result
}

/** The outside of the image is black; `deviation` is s, in pixels. */
export function blur(picture: Picture, deviation: number): Picture {
  const { width, height, channels } = picture
  const weights = weightsOf(deviation)
  const rowStarts = Array.from(
    { length: height * channels },
    (_, i) => Math.floor(i / channels) * width * channels + (i % channels),
  )
  const columnStarts = Array.from({ length: width * channels }, (_, i) => i)
  const along = blurLines(picture.values, rowStarts, width, channels, weights)
  return { ...picture, values: blurLines(along, columnStarts, height, width * channels, weights) }
}
