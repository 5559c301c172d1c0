/** Converts images to bytes for display; the window receives them as `Images`. */
import type { ModelOptions } from '../contract/experiment'
import type { Images } from '../contract/dataset'
import { type Dataset, pictureAt } from './dataset'
import type { DomainSamples } from './domain'
import { resizer } from './framing'
import { locate, poolOf } from './partition'
import { areStored, valuesBetween } from './pixels'
import { stream } from './random'
import { imagesFrom, thumbnailOf, thumbnailSide } from './thumbnails'

/** Maps values to bytes, `black` to 0 and 1 to 255. */
function toBytes(values: Float32Array, black: number): Buffer {
  return Buffer.from(Uint8Array.from(values, (value) => Math.round(((value - black) / (1 - black)) * 255)))
}

/**
 * Images of a domain as the networks see them, by their positions in it, at most 96 pixels a side; none of vectors.
 * Labels index the domain's classes.
 */
export function picturesOf(
  samples: DomainSamples,
  scaling: ModelOptions['pixels'],
  positions: ArrayLike<number>,
): Images {
  if ('length' in samples) return imagesFrom([], [])
  const { size, channels, pixels, labels } = samples
  const length = size * size * channels
  const chosen = Array.from(positions)
  const black = scaling === 'symmetric' ? -1 : 0
  const side = Math.min(size, thumbnailSide)
  const reduce = resizer({ width: size, height: size }, side, side)
  const bytes = chosen.map((position) => {
    const values = areStored(pixels)
      ? valuesBetween(pixels.read(Int32Array.of(position)), 0, length)
      : valuesBetween(pixels, position * length, (position + 1) * length)
    return toBytes(
      side === size ? values : reduce({ width: size, height: size, channels, values }).values,
      black,
    )
  })
  return {
    width: side,
    height: side,
    channels,
    labels: chosen.map((position) => labels[position] ?? 0),
    pixels: Buffer.concat(bytes).toString('base64'),
  }
}

/** At most `count` random indices below `available`, in the order in which they are shown. */
export function sampleOf(available: number, count: number): number[] {
  return Array.from(stream(0, 'sample').permutation(available).subarray(0, count))
}

/** The stored pictures of samples, by their indices in the dataset, for display; none of vectors. */
export function picturesAt({ samples }: Pick<Dataset, 'samples'>, indices: readonly number[]): Images {
  if (samples.kind === 'vector') return imagesFrom([], [])
  const pool = poolOf(samples)
  const thumbnails = indices.map((index) => {
    const { set, row } = locate(samples, index)
    return thumbnailOf(pictureAt(set, samples.channels, row))
  })
  return imagesFrom(thumbnails, indices.map(pool.labelAt))
}

/** A stored picture of a dataset in its own size, at most 320 pixels on its shorter side; null for a vector. */
export function largePicture({ samples }: Pick<Dataset, 'samples'>, index: number): Images | null {
  if (samples.kind === 'vector') return null
  const { set, row } = locate(samples, index)
  return imagesFrom([pictureAt(set, samples.channels, row)], [poolOf(samples).labelAt(index)])
}

/** A random sample of at most `count` images of a dataset, none of vectors. Labels are the dataset's. */
export function samplePictures(dataset: Dataset, count: number): Images {
  return picturesAt(dataset, sampleOf(poolOf(dataset.samples).count, count))
}
