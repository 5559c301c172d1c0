/**
 * Converts images of other sizes to 28x28. An image of 28x28 is left unchanged by every framing.
 *
 * Resizing is bilinear with pixel centres at half coordinates: the value at output position o is the mean of input
 * positions i under a triangle of weights, 1 - |i + 1/2 - (o + 1/2) r| / max(1, r), r = input length / output length,
 * over the positions inside the image. For enlarging this is plain bilinear interpolation; for reducing, the triangle
 * widens, so that no pixel is skipped.
 */
import type { Domain } from '../contract/experiment'
import type { Picture } from './picture'

/** Width and height of all images in an experiment, in pixels. */
export const imageSize = 28
/** The side of the central square into which `box20` fits images, as in MNIST. */
const boxSize = 20

/** The input positions that contribute to an output position, and their weights, which sum to 1. */
interface Tap {
  readonly first: number
  readonly weights: readonly number[]
}

function tapsOf(from: number, to: number): Tap[] {
  const ratio = from / to
  const reach = Math.max(1, ratio)
  return Array.from({ length: to }, (_, o) => {
    const centre = (o + 0.5) * ratio - 0.5
    const first = Math.max(0, Math.ceil(centre - reach))
    const last = Math.min(from - 1, Math.floor(centre + reach))
    const weights = Array.from(
      { length: last - first + 1 },
      (_, k) => 1 - Math.abs(first + k - centre) / reach,
    )
    const sum = weights.reduce((total, weight) => total + weight, 0)
    return { first, weights: weights.map((weight) => weight / sum) }
  })
}

/**
 * Resizes along one axis. There are `outer` blocks of `taps` positions with `inner` adjacent values each: rows are
 * `[1, height, width * channels]`, columns `[height, width, channels]`.
 */
function resizeAxis(values: Float32Array, outer: number, from: number, inner: number, taps: readonly Tap[]) {
  const result = new Float32Array(outer * taps.length * inner)
  for (let block = 0; block < outer; block++) {
    for (const [position, tap] of taps.entries()) {
      const output = (block * taps.length + position) * inner
      for (const [k, weight] of tap.weights.entries()) {
        const input = (block * from + tap.first + k) * inner
        for (let i = 0; i < inner; i++) {
          result[output + i] = (result[output + i] ?? 0) + weight * (values[input + i] ?? 0)
        }
      }
    }
  }
  return result
}

type Resize = (picture: Picture) => Picture

/** Returns a function that resizes images of one size to another; the weights are computed once. */
export function resizer(from: { width: number; height: number }, width: number, height: number): Resize {
  const rows = tapsOf(from.height, height)
  const columns = tapsOf(from.width, width)
  return ({ values, channels }) => {
    const tall = resizeAxis(values, 1, from.height, from.width * channels, rows)
    return { width, height, channels, values: resizeAxis(tall, height, from.width, channels, columns) }
  }
}

/** The picture in the centre of a black 28x28 image; if the margin is odd, the left and upper parts are smaller. */
function inTheMiddle({ width, height, channels, values }: Picture): Picture {
  const result = new Float32Array(imageSize * imageSize * channels)
  const left = Math.floor((imageSize - width) / 2)
  const top = Math.floor((imageSize - height) / 2)
  for (let row = 0; row < height; row++) {
    const line = values.subarray(row * width * channels, (row + 1) * width * channels)
    result.set(line, ((top + row) * imageSize + left) * channels)
  }
  return { width: imageSize, height: imageSize, channels, values: result }
}

/**
 * Returns a function that converts images of one size to 28x28: `fill` stretches them; `box20` keeps their aspect
 * ratio, makes the longer side 20 and centres them on black.
 */
export function framer(from: { width: number; height: number }, framing: Domain['framing']): Resize {
  if (from.width === imageSize && from.height === imageSize) return (picture) => picture
  if (framing === 'fill') return resizer(from, imageSize, imageSize)
  const scale = boxSize / Math.max(from.width, from.height)
  const side = (length: number) => Math.max(1, Math.round(length * scale))
  const fit = resizer(from, side(from.width), side(from.height))
  return (picture) => inTheMiddle(fit(picture))
}

/** Sizes of which the weights are kept at a time: photographs may each have a size of their own. */
const maxKept = 64

/** Returns a function that frames pictures of any size; pictures of one size in sequence share their weights. */
export function framing(kind: Domain['framing']): Resize {
  const bySize = new Map<string, Resize>()
  return (picture) => {
    const size = `${picture.width} ${picture.height}`
    const known = bySize.get(size)
    if (known !== undefined) return known(picture)
    if (bySize.size === maxKept) bySize.clear()
    const frame = framer(picture, kind)
    bySize.set(size, frame)
    return frame(picture)
  }
}
