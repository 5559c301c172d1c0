/** Distances between the points of two samples. */
import * as tf from '@tensorflow/tfjs-core'

/** Squared distances between the rows of `[n, length]` and `[m, length]`: `[n, m]`. */
export function squaredDistances(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const lengthsOfA = tf.sum(tf.square(a), 1, true)
  const lengthsOfB = tf.reshape(tf.sum(tf.square(b), 1), [1, -1])
  const products = tf.matMul(a, b, false, true)
  return tf.relu(tf.sub(tf.add(lengthsOfA, lengthsOfB), tf.mul(products, 2)))
}
