/** Converts images to bytes for display; the window receives them as `Images`. */
import type { ModelOptions } from '../contract/experiment'
import type { Images } from '../contract/dataset'
import { type Dataset, imagesOf, pictureAt } from './dataset'
import type { DomainImages } from './domain'
import { locate, poolOf } from './partition'
import { stream } from './random'
import { sizeAt } from './sizes'

/** Maps values to bytes, `black` to 0 and `white` to 255. */
function toBytes(values: Float32Array, black: number, white: number): Buffer {
  return Buffer.from(
    Uint8Array.from(values, (value) => Math.round(((value - black) / (white - black)) * 255)),
  )
}

/** Images of a domain as the networks see them, by their positions in it. Labels index the domain's classes. */
export function picturesOf(
  images: DomainImages,
  scaling: ModelOptions['pixels'],
  positions: ArrayLike<number>,
): Images {
  const { size, channels, pixels, labels } = images
  const length = size * size * channels
  const chosen = Array.from(positions)
  const black = scaling === 'symmetric' ? -1 : 0
  const bytes = chosen.map((position) =>
    toBytes(pixels.subarray(position * length, (position + 1) * length), black, 1),
  )
  return {
    width: size,
    height: size,
    channels,
    labels: chosen.map((position) => labels[position] ?? 0),
    pixels: Buffer.concat(bytes).toString('base64'),
  }
}

/** A random sample of at most `count` images of a dataset, unchanged. Labels are the dataset's. */
export function samplePictures(dataset: Dataset, count: number): Images {
  const images = imagesOf(dataset)
  const { channels } = images
  const { width, height } = sizeAt(images.train.sizes, 0)
  const pool = poolOf(images)
  const chosen = Array.from(stream(0, 'sample').permutation(pool.count).subarray(0, count))
  const bytes = chosen.map((index) => {
    const { set, row } = locate(images, index)
    return toBytes(pictureAt(set, channels, row).values, 0, 1)
  })
  return {
    width,
    height,
    channels,
    labels: chosen.map(pool.labelAt),
    pixels: Buffer.concat(bytes).toString('base64'),
  }
}
