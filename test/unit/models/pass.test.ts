/** Layers that no encoder of digits uses, against sums computed by hand. */
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { gradients, recorded } from '../../../src/models/gradients'
import { passOf } from '../../../src/models/pass'
import { convolution, maxPool, relu6 } from '../../../src/networks/build'
import type { Layer } from '../../../src/networks/layer'
import { loadTensorFlow } from '../../../src/workers/native'

await loadTensorFlow(1)

const numbers = (length: number) => Array.from({ length }, (_, index) => ((index * 7) % 11) - 5)

/** The outputs for one image of 5x5 with two maps. */
function outputs(layers: readonly Layer[], weights: Record<string, tf.Tensor>): number[] {
  return tf.tidy(() => {
    const x = tf.tensor4d(numbers(50), [1, 5, 5, 2])
    return Array.from(passOf(layers, new Map(Object.entries(weights)))(x).dataSync())
  })
}

/** PyTorch's padding by hand: `value` around the image, then a valid window. */
function around(value: number): tf.Tensor4D {
  const pixels = tf.tensor4d(numbers(50), [1, 5, 5, 2])
  const row = tf.fill([1, 1, 5, 2], value)
  const column = tf.fill([1, 7, 1, 2], value)
  return tf.concat([column, tf.concat([row, pixels, row], 1), column], 2) as tf.Tensor4D
}

test('a number of pixels pads both sides alike, with stride 2', () => {
  tf.tidy(() => {
    const weight = tf.tensor4d(numbers(3 * 3 * 2 * 3), [3, 3, 2, 3])
    const layer = convolution('c', 2, 3, 3, { stride: 2, padding: 1, bias: false })
    const wanted = tf.conv2d(around(0), weight, 2, 'valid')
    expect(wanted.shape).toEqual([1, 3, 3, 3])
    expect(outputs([layer], { 'c.weight': weight })).toEqual(Array.from(wanted.dataSync()))
  })
})

test('`same` puts the odd pixel last: ceil(5 / 2) rows', () => {
  tf.tidy(() => {
    const weight = tf.ones<tf.Rank.R4>([2, 2, 2, 1])
    const layer = convolution('c', 2, 1, 2, { stride: 2, padding: 'same', bias: false })
    const [first, , , , , , , , last] = outputs([layer], { 'c.weight': weight })
    const at = (row: number, column: number) => {
      const [one = 0, other = 0] = numbers(50).slice((row * 5 + column) * 2)
      return one + other
    }
    expect(first).toBe(at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1))
    expect(last).toBe(at(4, 4))
  })
})

test('max-pooling never takes its padding, also where all values are negative', () => {
  tf.tidy(() => {
    const shifted = tf.sub(tf.tensor4d(numbers(50), [1, 5, 5, 2]), 100)
    const found = passOf([maxPool(3, 2, 1)], new Map())(shifted)
    const wanted = tf.sub(tf.maxPool(around(-50), 3, 2, 'valid'), 100)
    expect(Array.from(found.dataSync())).toEqual(Array.from(wanted.dataSync()))
  })
})

test('depthwise: one kernel a map; relu6; a residual adds its input; the mean of each map', () => {
  tf.tidy(() => {
    const weight = tf.tensor4d([2, -3], [1, 1, 2, 1])
    const depthwise = convolution('d', 2, 2, 1, { connects: 'each-map', bias: false })
    const pixels = numbers(50)
    // 0 is added, so that no zero is negative.
    const scaled = pixels.map((value, index) => value * (index % 2 === 0 ? 2 : -3) + 0)
    expect(outputs([depthwise], { 'd.weight': weight })).toEqual(scaled)
    const six = scaled.map((value) => Math.min(6, Math.max(0, value)))
    expect(outputs([depthwise, relu6], { 'd.weight': weight })).toEqual(six)
    const residual: Layer = { kind: 'residual', body: [depthwise, relu6], shortcut: [] }
    const sums = six.map((value, index) => value + (pixels[index] ?? 0))
    expect(outputs([residual], { 'd.weight': weight })).toEqual(sums)
    const mean = (map: number) =>
      pixels.filter((_, index) => index % 2 === map).reduce((sum, value) => sum + value, 0) / 25
    const [even = NaN, odd = NaN] = outputs([{ kind: 'global-average' }], {})
    expect(even).toBeCloseTo(mean(0), 5)
    expect(odd).toBeCloseTo(mean(1), 5)
  })
})

test('padded convolution and pooling have gradients', () => {
  const weight = tf.tidy(() => tf.variable(tf.ones<tf.Rank.R4>([3, 3, 2, 1])))
  tf.tidy(() => {
    const layers = [convolution('c', 2, 1, 3, { padding: 1, bias: false }), maxPool(3, 2, 1)]
    const x = tf.ones<tf.Rank.R4>([1, 5, 5, 2])
    recorded(() => {
      const loss: tf.Scalar = tf.sum(passOf(layers, new Map([['c.weight', weight]]))(x))
      const slope = gradients(loss, [weight]).get(weight)?.dataSync() ?? []
      // Each of the nine windows has a pixel inside whose kernel sees no padding at its centre.
      expect(slope[8]).toBe(9)
      expect(slope.every(Number.isFinite)).toBe(true)
      return loss
    })
  })
  weight.dispose()
})
