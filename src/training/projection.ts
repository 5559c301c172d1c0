/** Features drawn in the plane: the two principal components of one set of features, kept for all later ones. */
import * as tf from '@tensorflow/tfjs-core'
import { stream } from '../data/random'

export interface Projection {
  /** `[count, length]` to `[count, 2]`, row after row. */
  project(features: tf.Tensor2D): Float32Array
  dispose(): void
}

/** Enough for the directions to settle, unless they are as good as equal; then any of them will do. */
const iterations = 40

/**
 * The plane in which `features` `[count, length]` spread most (Pearson 1901): the two leading eigenvectors of
 * their covariance, by orthogonal iteration, natively. All 512 of them would take a second of JavaScript.
 */
export function principalPlane(features: tf.Tensor2D): Projection {
  const centre = tf.keep(tf.mean(features, 0))
  const axes = tf.tidy(() => {
    const centred = tf.sub<tf.Tensor2D>(features, centre)
    const covariance = tf.div<tf.Tensor2D>(tf.matMul(centred, centred, true), features.shape[0])
    let found = startingAxes(features.shape[1])
    for (let iteration = 0; iteration < iterations; iteration++)
      found = orthonormal(tf.matMul(covariance, found))
    return tf.keep(found)
  })
  return {
    project: (points) =>
      tf.tidy(() => tf.matMul(tf.sub<tf.Tensor2D>(points, centre), axes).dataSync<'float32'>()),
    dispose: () => tf.dispose([centre, axes]),
  }
}

/** Fixed numbers, so that the same features give the same plane, signs included. `[length, 2]`. */
function startingAxes(length: number): tf.Tensor2D {
  const random = stream(0, 'plane')
  return tf.tensor2d(
    Float32Array.from({ length: 2 * length }, () => random.normal()),
    [length, 2],
  )
}

/** Gram and Schmidt's two columns; a column of zeros stays one. */
function orthonormal(columns: tf.Tensor2D): tf.Tensor2D {
  const [first, second] = tf.split(columns, 2, 1)
  if (first === undefined || second === undefined) throw new Error('a plane has two axes')
  const one = unit(first)
  const other = unit(tf.sub(second, tf.mul(one, tf.sum(tf.mul(one, second)))))
  return tf.concat([one, other], 1) as tf.Tensor2D
}

function unit(column: tf.Tensor): tf.Tensor {
  return tf.div(column, tf.maximum(tf.norm(column), 1e-30))
}
