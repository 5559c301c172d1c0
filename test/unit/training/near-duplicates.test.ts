/** Near-duplicates of labelled samples: copies saved anew are found, others of their class are not. */
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { stream } from '../../../src/data/random'
import { nearDuplicates } from '../../../src/training/near-duplicates'
import { samplesIn } from '../../../src/training/samples'
import { loadTensorFlow } from '../../../src/workers/native'
import { side, twosAndThrees } from './support'

await loadTensorFlow(1)

const size = side ** 2
const count = 300
const digits = twosAndThrees.pixels.slice(0, count * size)
const grey = { length: null, pixels: 'unit' } as const

/** The digits with that at `to` replaced by a copy of the one at `from`, each pixel changed by at most `most`. */
function withCopy(from: number, to: number, most: number): Float32Array {
  const random = stream(0, 'copy')
  const copied = digits.slice()
  for (let i = 0; i < size; i++) {
    const value = (digits[from * size + i] ?? 0) + most * (2 * random.uniform() - 1)
    copied[to * size + i] = Math.min(1, Math.max(0, value))
  }
  return copied
}

const imagesIn = (pixels: Float32Array) => samplesIn({ pixels, count, size: side, channels: 1 })

test('a copy with a little noise is one, another digit of the class is not', () => {
  const images = imagesIn(withCopy(7, 280, 0.03))
  expect(Array.from(nearDuplicates(images, images, Int32Array.of(7, 12), grey))).toEqual([7, 12, 280])
  const changed = imagesIn(withCopy(7, 280, 0.5))
  expect(Array.from(nearDuplicates(changed, changed, Int32Array.of(7), grey))).toEqual([7])
})

test('they are found among other images, whatever the scale of the pixels', () => {
  const symmetric = (values: Float32Array) => values.map((value) => 2 * value - 1)
  const seen = imagesIn(symmetric(digits))
  const two = samplesIn({
    pixels: symmetric(withCopy(5, 0, 0.03)).slice(0, 2 * size),
    count: 2,
    size: side,
    channels: 1,
  })
  const found = nearDuplicates(two, seen, Int32Array.of(5), { length: null, pixels: 'symmetric' })
  expect(Array.from(found)).toEqual([0])
})

test.each([1000, 100_000])(
  'vectors are near by the deviation of their values, not by their size: %d',
  (mean) => {
    const length = 20
    const random = stream(1, 'vectors')
    const values = Float32Array.from({ length: 50 * length }, () => mean + 5 * random.normal())
    for (let i = 0; i < length; i++) values[9 * length + i] = (values[3 * length + i] ?? 0) + 0.05
    const vectors = samplesIn({ pixels: values, count: 50, length })
    const found = nearDuplicates(vectors, vectors, Int32Array.of(3), { length, pixels: 'unit' })
    expect(Array.from(found)).toEqual([3, 9])
  },
)

test('no tensor is left behind', () => {
  const images = imagesIn(digits)
  const before = tf.memory().numTensors
  nearDuplicates(images, images, Int32Array.of(1), grey)
  expect(tf.memory().numTensors).toBe(before)
})
