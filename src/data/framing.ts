/**
 * Converts images of any size to squares of one side, in the ways of src/contract/framing.ts.
 *
 * Resizing is bilinear with pixel centres at half coordinates: the value at output position o is the mean of input
 * positions i under a triangle of weights, 1 - |i + 1/2 - (o + 1/2) r| / max(1, r), r = input length / output length,
 * over the positions inside the image. For enlarging this is plain bilinear interpolation; for reducing, the triangle
 * widens, so that no pixel is skipped.
 */
import type { Framing } from '../contract/framing'
import type { Picture } from './picture'
import type { Size } from './sizes'

/** The share of the side that `box20` fills: MNIST's digits lie in 20 of 28 pixels. */
const boxShare = 20 / 28

/** The input positions that contribute to an output position, and their weights, which sum to 1. */
interface Tap {
  readonly first: number
  readonly weights: readonly number[]
}

export function tapsOf(from: number, to: number): Tap[] {
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
  // Loops by index: iterators would take most of the time for a photograph.
  for (let block = 0; block < outer; block++) {
    for (let position = 0; position < taps.length; position++) {
      const { first, weights } = taps[position] as Tap
      const output = (block * taps.length + position) * inner
      for (let k = 0; k < weights.length; k++) {
        const weight = weights[k] as number
        const input = (block * from + first + k) * inner
        for (let i = 0; i < inner; i++) {
          result[output + i] = (result[output + i] as number) + weight * (values[input + i] as number)
        }
      }
    }
  }
  return result
}

type Resize = (picture: Picture) => Picture

/** Returns a function that resizes images of one size to another; the weights are computed once. */
export function resizer(from: Size, width: number, height: number): Resize {
  const rows = tapsOf(from.height, height)
  const columns = tapsOf(from.width, width)
  return ({ values, channels }) => {
    const tall = resizeAxis(values, 1, from.height, from.width * channels, rows)
    return { width, height, channels, values: resizeAxis(tall, height, from.width, channels, columns) }
  }
}

/** The picture in the centre of a black square; if the margin is odd, the left and upper parts are smaller. */
function inTheMiddle({ width, height, channels, values }: Picture, side: number): Picture {
  const result = new Float32Array(side * side * channels)
  const left = Math.floor((side - width) / 2)
  const top = Math.floor((side - height) / 2)
  for (let row = 0; row < height; row++) {
    const line = values.subarray(row * width * channels, (row + 1) * width * channels)
    result.set(line, ((top + row) * side + left) * channels)
  }
  return { width: side, height: side, channels, values: result }
}

/** The largest square in the centre; if the margin is odd, the left and upper parts are smaller. */
function centreOf({ width, height, channels, values }: Picture): Picture {
  const side = Math.min(width, height)
  const left = Math.floor((width - side) / 2)
  const top = Math.floor((height - side) / 2)
  const result = new Float32Array(side * side * channels)
  for (let row = 0; row < side; row++) {
    const start = ((top + row) * width + left) * channels
    result.set(values.subarray(start, start + side * channels), row * side * channels)
  }
  return { width: side, height: side, channels, values: result }
}

/** The size with this longer side and the aspect ratio of `size`, in whole pixels of at least 1. */
function fitting({ width, height }: Size, longer: number): Size {
  const scale = longer / Math.max(width, height)
  const side = (length: number) => Math.max(1, Math.round(length * scale))
  return { width: side(width), height: side(height) }
}

/** Resizes to this longer side, and centres on black. */
function boxed(from: Size, side: number, longer: number): Resize {
  const { width, height } = fitting(from, longer)
  const fit = resizer(from, width, height)
  return (picture) => inTheMiddle(fit(picture), side)
}

/** Returns a function that frames images of one size. */
function framer(from: Size, framing: Framing, side: number): Resize {
  if (from.width === side && from.height === side) return (picture) => picture
  switch (framing) {
    case 'stretch':
      return resizer(from, side, side)
    case 'letterbox':
      return boxed(from, side, side)
    case 'box20':
      return boxed(from, side, Math.max(1, Math.round(boxShare * side)))
    case 'centre-crop': {
      const least = Math.min(from.width, from.height)
      const resize = resizer({ width: least, height: least }, side, side)
      return least === side ? centreOf : (picture) => resize(centreOf(picture))
    }
  }
}

/** Sizes of which the weights are kept at a time: photographs may each have a size of their own. */
const maxKept = 64

/** Calls the function that `make` returns for a picture's size. Pictures of one size share it. */
function bySize(make: (size: Size) => Resize): Resize {
  const made = new Map<string, Resize>()
  return (picture) => {
    const size = `${picture.width} ${picture.height}`
    const known = made.get(size)
    if (known !== undefined) return known(picture)
    if (made.size === maxKept) made.clear()
    const resize = make(picture)
    made.set(size, resize)
    return resize(picture)
  }
}

/** Returns a function that frames pictures of any size to `side` x `side`. */
export function framingTo(framing: Framing, side: number): Resize {
  return bySize((size) => framer(size, framing, side))
}
