/** Features in few dimensions: the principal components of one set of features, kept for all later ones. */
import * as tf from '@tensorflow/tfjs-core'
import { stream } from '../data/random'
import { freeing } from '../models/scope'

export interface Projection {
  readonly dimensions: number
  /** `[count, length]` to `[count, dimensions]`, row after row, the widest direction first. */
  project(features: tf.Tensor2D): Float32Array
  dispose(): void
}

/** Enough for the directions to settle, unless they are as good as equal; then any of them will do. */
const iterations = 40

/**
 * The directions in which `features` `[count, length]` spread most (Pearson 1901): the `wanted` leading
 * eigenvectors of their covariance, fewer where features are shorter, by orthogonal iteration, natively. All
 * 512 of them would take a second of JavaScript.
 */
export function principalAxes(features: tf.Tensor2D, wanted: number): Projection {
  const dimensions = Math.min(wanted, features.shape[1])
  const centre = tf.keep(tf.mean(features, 0))
  const axes = tf.tidy(() => {
    const centred = tf.sub<tf.Tensor2D>(features, centre)
    const covariance = tf.div<tf.Tensor2D>(tf.matMul(centred, centred, true), features.shape[0])
    let found = startingAxes(features.shape[1], dimensions)
    for (let iteration = 0; iteration < iterations; iteration++)
      found = tf.tidy(() => orthonormal(tf.matMul(covariance, found)))
    return tf.keep(found)
  })
  return {
    dimensions,
    project: (points) =>
      freeing(() => tf.matMul(tf.sub<tf.Tensor2D>(points, centre), axes).dataSync<'float32'>()),
    dispose: () => tf.dispose([centre, axes]),
  }
}

/** Fixed numbers, so that the same features give the same axes, signs included. `[length, dimensions]`. */
function startingAxes(length: number, dimensions: number): tf.Tensor2D {
  const random = stream(0, 'plane')
  return tf.tensor2d(
    Float32Array.from({ length: dimensions * length }, () => random.normal()),
    [length, dimensions],
  )
}

/** Gram and Schmidt's columns, each freed of those before it; a column of zeros stays one. */
function orthonormal(columns: tf.Tensor2D): tf.Tensor2D {
  const [first, ...others] = tf.split<tf.Tensor2D>(columns, columns.shape[1], 1)
  if (first === undefined) return columns
  return others.reduce((basis, column) => {
    const along = tf.matMul(basis, tf.matMul(basis, column, true))
    return tf.concat<tf.Tensor2D>([basis, unit(tf.sub<tf.Tensor2D>(column, along))], 1)
  }, unit(first))
}

function unit(column: tf.Tensor2D): tf.Tensor2D {
  return tf.div(column, tf.maximum(tf.norm(column), 1e-30))
}
