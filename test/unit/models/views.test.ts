/** Random views: TensorFlow's warp against the formula, pixel by pixel. */
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { viewsSchema } from '../../../src/contract/experiment'
import { stream } from '../../../src/data/random'
import { drawViews, view } from '../../../src/models/views'
import { loadTensorFlow } from '../../../src/workers/native'

await loadTensorFlow(1)

const SIZE = 28
const still = { degrees: 0, leastScale: 1, mostScale: 1, shear: 0, translation: 0 }

/** `[2, 28, 28, 1]`; all pixels differ. */
function images(): tf.Tensor4D {
  const random = stream(0, 'images')
  return tf.tensor4d(
    Float32Array.from({ length: 2 * SIZE * SIZE }, () => random.uniform()),
    [2, SIZE, SIZE, 1],
  )
}

/** Bilinear interpolation through `map` for every output pixel, with `background` outside. */
function warped(pixels: Float32Array, map: Float32Array, background: number): number[] {
  const [a = 0, b = 0, right = 0, c = 0, d = 0, down = 0] = map
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= SIZE || y >= SIZE ? background : (pixels[y * SIZE + x] ?? NaN)
  return Array.from({ length: SIZE * SIZE }, (_, place) => {
    const [column, row] = [place % SIZE, Math.floor(place / SIZE)]
    const x = a * column + b * row + right
    const y = c * column + d * row + down
    const [left, top] = [Math.floor(x), Math.floor(y)]
    const upper = (left + 1 - x) * at(left, top) + (x - left) * at(left + 1, top)
    const lower = (left + 1 - x) * at(left, top + 1) + (x - left) * at(left + 1, top + 1)
    return (top + 1 - y) * upper + (y - top) * lower
  })
}

test('a view that changes nothing gives the image', () => {
  const original = images()
  const seen = view(original, drawViews(stream(0, 'views'), still, 2, SIZE), 0)
  expect(tf.max(tf.abs(tf.sub(seen, original))).dataSync()[0]).toBeLessThan(1e-5)
})

test.each([0, -1])(
  'a drawn view is the bilinear look-up that its map says, on background %d',
  (background) => {
    const original = images()
    const maps = drawViews(stream(1, 'views'), viewsSchema.parse({}), 2, SIZE)
    const seen = view(original, maps, background).dataSync<'float32'>()
    const [pixels, numbers] = [original.dataSync<'float32'>(), maps.dataSync<'float32'>()]
    const length = SIZE * SIZE
    for (const image of [0, 1]) {
      const expected = warped(
        pixels.slice(image * length, (image + 1) * length),
        numbers.slice(image * 8, (image + 1) * 8),
        background,
      )
      expected.forEach((value, place) => {
        expect(Math.abs((seen[image * length + place] ?? NaN) - value)).toBeLessThan(1e-4)
      })
    }
  },
)

test('a scale of 2 shows the image at half its size, around its centre', () => {
  const white = tf.ones<tf.Rank.R4>([1, SIZE, SIZE, 1])
  const maps = drawViews(stream(0, 'views'), { ...still, leastScale: 2, mostScale: 2 }, 1, SIZE)
  const ink = tf.sum(view(white, maps, 0)).dataSync()[0] ?? NaN
  expect(ink / (SIZE * SIZE)).toBeCloseTo(1 / 4, 2)
})

test('every number of a map keeps to what the views allow', () => {
  const views = { degrees: 0, leastScale: 0.9, mostScale: 1.1, shear: 0, translation: 3 }
  const maps = drawViews(stream(2, 'views'), views, 200, SIZE).arraySync()
  for (const [a = 0, b = 0, right = 0, c = 0, d = 0] of maps) {
    expect(a).toBeGreaterThanOrEqual(0.9 - 1e-6)
    expect(a).toBeLessThanOrEqual(1.1 + 1e-6)
    expect(d).toBe(a)
    expect([b, c].map(Math.abs)).toEqual([0, 0])
    expect(Math.abs(right - 13.5 + a * 13.5)).toBeLessThanOrEqual(3 + 1e-4)
  }
})
