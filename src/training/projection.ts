/** Projects features to few dimensions: the principal components of one set of features, applied to all later ones. */
import * as tf from '@tensorflow/tfjs-core'
import { stream } from '../data/random'
import { freeing } from '../models/scope'

export interface Projection {
  readonly dimensions: number
  /** Projects `[count, length]` to `[count, dimensions]`, row by row, the direction of largest variance first. */
  project(features: tf.Tensor2D): Float32Array
  dispose(): void
}

/** Enough for the directions to converge, unless their variances are almost equal; then any of them will do. */
const iterations = 40

/**
 * The directions of largest variance of `features` `[count, length]` (Pearson 1901): the `wanted` leading
 * eigenvectors of their covariance, or fewer if features are shorter. Found by orthogonal iteration with TensorFlow's
 * matrix product. All 512 eigenvectors of LeNet's features would take a second in JavaScript.
 */
export function principalAxes(features: tf.Tensor2D, wanted: number): Projection {
  const dimensions = Math.min(wanted, features.shape[1])
  const centre = tf.keep(tf.mean(features, 0))
  const axes = tf.tidy(() => {
    const centred = tf.sub<tf.Tensor2D>(features, centre)
    const covariance = tf.div<tf.Tensor2D>(tf.matMul(centred, centred, true), features.shape[0])
    let found = startingAxes(features.shape[1], dimensions)
    for (let iteration = 0; iteration < iterations; iteration++)
      found = tf.tidy(() => orthonormal(tf.matMul(found, covariance)))
    return tf.keep(found)
  })
  return {
    dimensions,
    project: (points) =>
      freeing(() => {
        const centred = tf.sub<tf.Tensor2D>(points, centre)
        return tf.matMul(centred, axes, false, true).dataSync<'float32'>()
      }),
    dispose: () => tf.dispose([centre, axes]),
  }
}

/** Fixed starting axes `[dimensions, length]`, so that the same features give the same axes, including signs. */
function startingAxes(length: number, dimensions: number): tf.Tensor2D {
  const random = stream(0, 'plane')
  return tf.tensor2d(
    Float32Array.from({ length: dimensions * length }, () => random.normal()),
    [dimensions, length],
  )
}

/**
 * Gram-Schmidt orthonormalisation of the rows; a row of zeros stays zero. In JavaScript, because these are many
 * products of short rows, and starting a TensorFlow operation would take longer than each product.
 */
function orthonormal(rows: tf.Tensor2D): tf.Tensor2D {
  const [count, length] = rows.shape
  const values = rows.dataSync<'float32'>()
  const upright = Array.from({ length: count }, (_, row) => values.subarray(row * length, (row + 1) * length))
  upright.forEach((row, index) => {
    for (const before of upright.slice(0, index)) subtract(row, before, dot(row, before))
    const norm = Math.max(Math.sqrt(dot(row, row)), 1e-30)
    row.forEach((value, i) => (row[i] = value / norm))
  })
  return tf.tensor2d(values, [count, length])
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

/** Subtracts `times` * `other` from `row`, in place. */
function subtract(row: Float32Array, other: Float32Array, times: number): void {
  for (let i = 0; i < row.length; i++) row[i] = (row[i] ?? 0) - times * (other[i] ?? 0)
}
