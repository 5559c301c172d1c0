/** Samples kept as bytes: what steps see of them is bit for bit what they would see of float32. */
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { shareOfByte } from '../../../src/data/dataset'
import { compileSteps, eagerSteps } from '../../../src/graph/compiled-steps'
import { samplesIn, type SampleArray, type Samples } from '../../../src/training/samples'
import { loadTensorFlow } from '../../../src/workers/native'

await loadTensorFlow(1)

const symmetric = shareOfByte.map((value) => 2 * value - 1)

/** Images of which each starts at another byte, so that all 256 values occur at all places of an integer. */
function bytesOf(count: number, size: number, channels: number): Uint8Array {
  const length = size * size * channels
  return Uint8Array.from({ length: count * length }, (_, i) => (i * 7 + Math.floor(i / length)) % 256)
}

const bitsOf = (tensor: tf.Tensor) => new Int32Array(tensor.dataSync<'float32'>().slice().buffer)

/** The batch of a step on this engine, and a product with it: the graph must not simplify the two together. */
function inStep(engine: 'compiled' | 'eager', samples: Samples, indices: Int32Array) {
  const shown = tf.tensor1d(indices, 'int32')
  const step = ({ shown: inputs }: Readonly<Record<string, tf.Tensor>>) => {
    const batch = samples.batch(inputs as tf.Tensor1D)
    return { batch, product: tf.sum(tf.mul(batch, 3)) }
  }
  const sources = {
    steps: { only: { step, inputs: { shown } } },
    variables: {},
    resident: { ...(samples.resident && { images: samples.resident }) },
  }
  const steps = engine === 'compiled' ? compileSteps(sources) : eagerSteps(sources)
  const { batch, product } = steps.run('only', { shown })
  steps.dispose()
  return { bits: bitsOf(batch as tf.Tensor), shape: batch?.shape, product: bitsOf(product as tf.Tensor) }
}

test.each([
  ['28 x 28 grey', 28, 1],
  ['32 x 32 RGB', 32, 3],
  ['9 x 9 grey, whose rows do not fill whole integers', 9, 1],
  ['5 x 5 RGB, likewise', 5, 3],
] as const)('%s', (_, size, channels) => {
  const count = 300
  const bytes = bytesOf(count, size, channels)
  const indices = Int32Array.of(299, 0, 7, 7, 131, 255)
  for (const values of [shareOfByte, symmetric]) {
    const array = (pixels: SampleArray['pixels']): SampleArray => ({ pixels, count, size, channels })
    const asBytes = samplesIn(array({ bytes, values }))
    const asFloats = samplesIn(array(Float32Array.from(bytes, (byte) => values[byte] ?? NaN)))
    expect(asBytes.resident?.size).toBe(count * Math.ceil((size * size * channels) / 4))
    for (const engine of ['compiled', 'eager'] as const) {
      const found = inStep(engine, asBytes, indices)
      expect(found).toEqual(inStep(engine, asFloats, indices))
      expect(found.shape).toEqual([6, size, size, channels])
    }
    asBytes.dispose()
    asFloats.dispose()
  }
})

test('a batch leaves no tensor behind but itself', () => {
  const samples = samplesIn({
    pixels: { bytes: bytesOf(10, 9, 1), values: shareOfByte },
    count: 10,
    size: 9,
    channels: 1,
  })
  const indices = tf.tensor1d([1, 2], 'int32')
  const before = tf.memory().numTensors
  samples.batch(indices).dispose()
  expect(tf.memory().numTensors).toBe(before)
})
