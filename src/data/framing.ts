/**
 * Converts images of any size to squares of one side, in the ways of src/contract/framing.ts.
 *
 * Resizing has pixel centres at half coordinates: the value at output position o is the mean of input positions i weighted
 * by a kernel of (i + 1/2 - (o + 1/2) r) / max(1, r), r = input length / output length, over the positions inside the image.
 * With the triangle and enlarging, this is plain bilinear interpolation; for reducing, the kernel widens, so that no
 * pixel is skipped.
 */
import type { Framing } from '../contract/framing'
import type { Picture } from './picture'
import type { Size } from './sizes'

/** The share of the side that `box20` fills: MNIST's digits lie in 20 of 28 pixels. */
const boxShare = 20 / 28

/** What `inner-crop` keeps of the shorter side: 224 of 256 pixels. */
const innerShare = 7 / 8

/** Weights of the input positions around an output position, by their distance; 0 beyond `radius`. */
export interface Kernel {
  readonly radius: number
  readonly weight: (distance: number) => number
}

export const triangle: Kernel = { radius: 1, weight: (x) => 1 - Math.abs(x) }

/**
 * Keys 1981, "Cubic Convolution Interpolation for Digital Image Processing", equation 15, with a = -1/2, as in Pillow.
 * Backbones were trained on images reduced with it. Its negative weights can give values a little outside [0, 1].
 */
export const cubic: Kernel = {
  radius: 2,
  weight(distance) {
    const x = Math.abs(distance)
    if (x < 1) return (1.5 * x - 2.5) * x * x + 1
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
  },
}

/** The input positions that contribute to an output position, and their weights, which sum to 1. */
interface Tap {
  readonly first: number
  readonly weights: readonly number[]
}

export function tapsOf(from: number, to: number, kernel = triangle): Tap[] {
  const ratio = from / to
  const stretch = Math.max(1, ratio)
  const reach = kernel.radius * stretch
  return Array.from({ length: to }, (_, o) => {
    const centre = (o + 0.5) * ratio - 0.5
    const first = Math.max(0, Math.ceil(centre - reach))
    const last = Math.min(from - 1, Math.floor(centre + reach))
    const weights = Array.from({ length: last - first + 1 }, (_, k) =>
      kernel.weight((first + k - centre) / stretch),
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
export function resizer(from: Size, width: number, height: number, kernel = triangle): Resize {
  const rows = tapsOf(from.height, height, kernel)
  const columns = tapsOf(from.width, width, kernel)
  if (kernel !== triangle) return limitedResize
  return ({ values, channels }) => {
    const tall = resizeAxis(values, 1, from.height, from.width * channels, rows)
    return { width, height, channels, values: resizeAxis(tall, height, from.width, channels, columns) }
  }

  /** As Pillow does it: rows first, and each pass limited to the values that there are. */
  function limitedResize({ values, channels }: Picture): Picture {
    const narrow = limited(resizeAxis(values, from.height, from.width, channels, columns))
    return {
      width,
      height,
      channels,
      values: limited(resizeAxis(narrow, 1, from.height, width * channels, rows)),
    }
  }
}

/** Values brought into [0, 1], in place. */
function limited(values: Float32Array): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] = Math.min(1, Math.max(0, values[i] as number))
  return values
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

/** The square of this side in the centre; if the margin is odd, the left and upper parts are smaller. */
function centreOf({ width, height, channels, values }: Picture, side: number): Picture {
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
function boxed(from: Size, side: number, longer: number, kernel: Kernel): Resize {
  const { width, height } = fitting(from, longer)
  const fit = resizer(from, width, height, kernel)
  return (picture) => inTheMiddle(fit(picture), side)
}

/** Cuts the square of the side `kept` from the centre, and resizes it. */
function cropped(kept: number, side: number, kernel: Kernel): Resize {
  const resize = resizer({ width: kept, height: kept }, side, side, kernel)
  return (picture) => {
    const square = centreOf(picture, kept)
    return kept === side ? square : resize(square)
  }
}

/** Returns a function that frames images of one size. */
function framer(from: Size, framing: Framing, side: number, kernel: Kernel): Resize {
  if (from.width === side && from.height === side) return (picture) => picture
  switch (framing) {
    case 'stretch':
      return resizer(from, side, side, kernel)
    case 'letterbox':
      return boxed(from, side, side, kernel)
    case 'box20':
      return boxed(from, side, Math.max(1, Math.round(boxShare * side)), kernel)
    case 'centre-crop':
      return cropped(Math.min(from.width, from.height), side, kernel)
    case 'inner-crop':
      return cropped(Math.max(1, Math.round(innerShare * Math.min(from.width, from.height))), side, kernel)
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
export function framingTo(framing: Framing, side: number, kernel = triangle): Resize {
  return bySize((size) => framer(size, framing, side, kernel))
}
