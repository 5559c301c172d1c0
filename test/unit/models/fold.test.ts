import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { stream } from '../../../src/data/random'
import { folded } from '../../../src/models/fold'
import { createNetwork, disposeVariables } from '../../../src/models/network'
import { passOf, type Weights } from '../../../src/models/pass'
import { batchNorm, convolution, linear, maxPool, relu, relu6 } from '../../../src/networks/build'
import type { Layer } from '../../../src/networks/layer'
import { loadTensorFlow } from '../../../src/workers/native'

await loadTensorFlow(1)

/** Every kind of layer before which batch normalisation can be folded, and one that stays. */
const layers: readonly Layer[] = [
  convolution('stem', 3, 8, 3, { stride: 2, padding: 'same', bias: false }),
  batchNorm('bn', 8),
  relu6,
  {
    kind: 'residual',
    body: [
      convolution('block.0.depthwise', 8, 8, 3, { padding: 1, connects: 'each-map', bias: false }),
      batchNorm('block.0.bn', 8),
      relu,
      convolution('block.0.project', 8, 8, 1),
      batchNorm('block.0.bn2', 8),
    ],
    shortcut: [],
  },
  maxPool(3, 2, 1),
  { kind: 'flatten', order: 'map-innermost' },
  linear('fc', 32, 5),
  batchNorm('bn2', 5),
  relu,
  linear('last', 5, 4),
]

/** Random values for the layers, variances above 0. */
function randomWeights(): { weights: Weights; dispose: () => void } {
  const { variables } = createNetwork('net', layers, stream(0, 'fold'))
  const random = stream(1, 'fold')
  const weights = new Map(
    variables.map(({ name, variable }): [string, tf.Tensor] => {
      const values = Float32Array.from({ length: variable.size }, () => 0.5 + random.uniform())
      if (/bn2?\./.test(name)) tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)))
      return [name.replace('net.', ''), variable]
    }),
  )
  return { weights, dispose: () => disposeVariables(variables) }
}

test('folded layers give the same outputs, without batch normalisation', () => {
  const { weights, dispose } = randomWeights()
  tf.tidy(() => {
    const random = stream(2, 'fold')
    const pixels = Float32Array.from({ length: 2 * 8 * 8 * 3 }, () => random.uniform())
    const x = tf.tensor4d(pixels, [2, 8, 8, 3])
    const whole = passOf(layers, weights)(x)
    const fold = folded(layers, weights)
    const short = passOf(fold.layers, fold.weights)(x)
    expect(short.shape).toEqual([2, 4])
    const largest = tf.max(tf.abs(whole)).dataSync()[0] ?? NaN
    const furthest = tf.max(tf.abs(tf.sub(whole, short))).dataSync()[0] ?? NaN
    expect(largest).toBeGreaterThan(0.01)
    expect(furthest / largest).toBeLessThan(1e-5)
    expect(JSON.stringify(fold.layers)).not.toContain('batch-norm')
    expect([...fold.weights.keys()].filter((name) => name.includes('bn'))).toEqual([])
  })
  dispose()
})

test('a normalisation that follows no convolution or linear layer stays', () => {
  tf.tidy(() => {
    const alone: readonly Layer[] = [relu, batchNorm('bn', 2)]
    const one = tf.tensor1d([1, 2])
    const weights = new Map(
      ['weight', 'bias', 'running_mean', 'running_var'].map((part) => [`bn.${part}`, one]),
    )
    const fold = folded(alone, weights)
    expect(fold.layers).toEqual(alone)
    expect([...fold.weights.keys()]).toEqual([...weights.keys()])
  })
})
