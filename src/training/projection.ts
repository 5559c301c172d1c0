/** Features drawn in the plane: the two principal components of one set of features, kept for all later ones. */
import * as tf from '@tensorflow/tfjs-core'
import { PCA } from 'ml-pca'

export interface Projection {
  /** `[count, length]` to `[count, 2]`, as float32 pairs. */
  project(features: tf.Tensor2D): Float32Array
  dispose(): void
}

/** The plane in which `features` `[count, length]` spread most. Each axis points where its largest weight is positive. */
export function principalPlane(features: tf.Tensor2D): Projection {
  const [count, length] = features.shape
  const mean = tf.keep(tf.mean(features, 0))
  const covariance = tf.tidy(() => {
    const centred = tf.sub(features, mean) as tf.Tensor2D
    return tf.div(tf.matMul(centred, centred, true, false), Math.max(1, count - 1)).dataSync()
  })
  const rows = Array.from({ length }, (_, row) =>
    Array.from(covariance.subarray(row * length, (row + 1) * length)),
  )
  const components = new PCA(rows, { isCovarianceMatrix: true }).getEigenvectors()
  const axes = [0, 1].map((index) => upright(components.getColumn(index)))
  const basis = tf.keep(tf.tensor2d(axes)) // [2, length]
  return {
    project: (points) =>
      tf.tidy(() => tf.matMul(tf.sub(points, mean) as tf.Tensor2D, basis, false, true).dataSync<'float32'>()),
    dispose: () => tf.dispose([mean, basis]),
  }
}

/** The sign of an eigenvector is arbitrary: this fixes it. */
function upright(axis: readonly number[]): number[] {
  const largest = axis.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0)
  return axis.map((value) => (largest < 0 ? -value : value))
}
