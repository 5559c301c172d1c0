/** Images as bytes for people to look at: what crosses to the window as `Images`. */
import type { ModelOptions } from '../contract/experiment'
import type { Images } from '../contract/dataset'
import type { Dataset } from './dataset'
import type { DomainImages } from './domain'
import { locate, poolOf } from './partition'
import { stream } from './random'

/** Values as bytes, 0 for `black` and 255 for `white`. */
function toBytes(values: Float32Array | Uint8Array, black: number, white: number): Buffer {
  return Buffer.from(
    Uint8Array.from(values, (value) => Math.round(((value - black) / (white - black)) * 255)),
  )
}

/** Some images of a domain as the networks see them, by their positions in it. Labels index the domain's classes. */
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

/** At most `count` images of a dataset as its files have them, drawn from all of it. Labels are the dataset's. */
export function samplePictures({ images }: Dataset, count: number): Images {
  const { width, height, channels } = images
  const length = width * height * channels
  const pool = poolOf(images)
  const chosen = Array.from(stream(0, 'sample').permutation(pool.count).subarray(0, count))
  const bytes = chosen.map((index) => {
    const { set, row } = locate(images, index)
    const pixels = set.pixels.subarray(row * length, (row + 1) * length)
    return toBytes(pixels, 0, pixels instanceof Uint8Array ? 255 : 1)
  })
  return {
    width,
    height,
    channels,
    labels: chosen.map(pool.labelAt),
    pixels: Buffer.concat(bytes).toString('base64'),
  }
}
