/** TensorFlow uses its native library, also on a Node whose `util` lacks functions that tfjs-node calls. */
import util from 'util'
import type { Rank, Scalar } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { loadTensorFlow } from '../../src/workers/native'

const removed = util as unknown as Record<string, unknown>
delete removed.isNullOrUndefined
delete removed.isArray

test('a step trains on the native library with util.isNullOrUndefined and util.isArray gone', async () => {
  expect(removed.isArray).toBeUndefined()
  const { tf, machinery } = await loadTensorFlow(2)
  expect(machinery).toMatchObject({ backend: 'tensorflow', tfjsNode: '4.22.0', threads: 2 })
  expect(machinery.tensorflow).toMatch(/^2\.\d+\.\d+/)

  const weights = tf.variable(tf.fill<Rank.R4>([3, 3, 1, 2], 0.1))
  const images = tf.ones<Rank.R4>([4, 8, 8, 1])
  const optimiser = tf.train.sgd(0.1)
  const loss = (): Scalar => tf.mean(tf.square(tf.conv2d(images, weights, 1, 'valid')))
  const before = loss().dataSync()[0]
  optimiser.minimize(loss)
  expect(before).toBeCloseTo(0.81, 5)
  expect(loss().dataSync()[0]).toBeLessThan(0.5)
})
