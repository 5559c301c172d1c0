/**
 * Geometric shifts. An output pixel at (x, y), measured in pixels from the centre of the image, x to the right and y
 * down, takes the input's value at A (x, y) + b, interpolated bilinearly between pixel centres; everything outside the
 * image is black (0).
 */
import type { Picture } from './picture'

/** Maps output coordinates to input coordinates: `[xx x + xy y + x0, yx x + yy y + y0]`. */
export interface Affine {
  readonly xx: number
  readonly xy: number
  readonly x0: number
  readonly yx: number
  readonly yy: number
  readonly y0: number
}

const identity: Affine = { xx: 1, xy: 0, x0: 0, yx: 0, yy: 1, y0: 0 }
const radians = (degrees: number) => (degrees * Math.PI) / 180

/** Anticlockwise. */
export function rotation(degrees: number): Affine {
  const cosine = Math.cos(radians(degrees))
  const sine = Math.sin(radians(degrees))
  return { ...identity, xx: cosine, xy: -sine, yx: sine, yy: cosine }
}

/** Scales about the centre; a `factor` above 1 enlarges. */
export function scaling(factor: number): Affine {
  return { ...identity, xx: 1 / factor, yy: 1 / factor }
}

/** Slants like italics: the upper half moves right, the lower half left, by tan(degrees) per row. */
export function shearing(degrees: number): Affine {
  return { ...identity, xy: Math.tan(radians(degrees)) }
}

export function translation(right: number, down: number): Affine {
  return { ...identity, x0: -right, y0: -down }
}

export function transform(picture: Picture, { xx, xy, x0, yx, yy, y0 }: Affine): Picture {
  const { width, height, channels, values } = picture
  const result = new Float32Array(values.length)
  const middleX = (width - 1) / 2
  const middleY = (height - 1) / 2
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const x = xx * (column - middleX) + xy * (row - middleY) + x0 + middleX
      const y = yx * (column - middleX) + yy * (row - middleY) + y0 + middleY
      const left = Math.floor(x)
      const top = Math.floor(y)
      for (let corner = 0; corner < 4; corner++) {
        const inX = left + (corner & 1)
        const inY = top + (corner >> 1)
        if (inX < 0 || inX >= width || inY < 0 || inY >= height) continue
        const weight = (1 - Math.abs(x - inX)) * (1 - Math.abs(y - inY))
        const from = (inY * width + inX) * channels
        const to = (row * width + column) * channels
        for (let c = 0; c < channels; c++) {
          result[to + c] = (result[to + c] ?? 0) + weight * (values[from + c] ?? 0)
        }
      }
    }
  }
  return { ...picture, values: result }
}
