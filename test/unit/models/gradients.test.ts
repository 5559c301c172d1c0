/** Gradients in the middle of a step. */
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { gradients, recorded } from '../../../src/models/gradients'
import { loadTensorFlow } from '../../../src/workers/native'

await loadTensorFlow(2)

function slope(loss: tf.Scalar, variable: tf.Variable): number[] {
  return Array.from(gradients(loss, [variable]).get(variable)?.dataSync() ?? [])
}

test('a forward pass serves two losses, and the second sees what the first has updated', () => {
  const v = tf.tidy(() => tf.variable(tf.tensor1d([1, 2, 3])))
  const u = tf.tidy(() => tf.variable(tf.tensor1d([1, 1, 1])))
  const before = tf.memory().numTensors
  const loss = recorded(() => {
    const shared = tf.mul(v, 2)
    const first: tf.Scalar = tf.sum(tf.mul(u, shared))
    expect(slope(first, u)).toEqual([2, 4, 6])
    u.assign(tf.sub(u, shared))
    const second: tf.Scalar = tf.sum(tf.square(tf.mul(u, shared)))
    // d/dv (2 u v)^2 = 8 u^2 v at the new u = [-1, -3, -5]
    expect(slope(second, v)).toEqual([8, 144, 600])
    // The first loss was computed with the old u.
    expect(slope(first, v)).toEqual([2, 2, 2])
    return second
  })
  expect(loss.dataSync()[0]).toBe(4 + 144 + 900)
  loss.dispose()
  expect(tf.memory().numTensors).toBe(before)
  tf.dispose([u, v])
})

test('a loss that does not depend on a variable is refused', () => {
  const v = tf.tidy(() => tf.variable(tf.scalar(1)))
  const u = tf.tidy(() => tf.variable(tf.scalar(1)))
  const before = tf.memory().numTensors
  expect(() => recorded(() => tf.addN([...gradients(tf.square(u) as tf.Scalar, [v]).values()]))).toThrow(
    'does not depend',
  )
  expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 2)
  tf.dispose([u, v])
})
