/**
 * Maximum mean discrepancy (Gretton et al. 2012, "A Kernel Two-Sample Test", equation 5) between two samples of
 * features, with a Gaussian kernel exp(-d^2 / (2 s^2)).
 */
import * as tf from '@tensorflow/tfjs-core'
import { squaredDistances } from '../models/distances'
import { freeing } from '../models/scope'

/** The median heuristic: s is the median distance between two different points of both samples together. */
export function medianDistance(source: tf.Tensor2D, target: tf.Tensor2D): number {
  const squares = freeing(() => {
    const points = tf.concat([source, target])
    return squaredDistances(points, points).dataSync()
  })
  const count = source.shape[0] + target.shape[0]
  const different = new Float32Array((count * (count - 1)) / 2)
  for (let row = 0, end = 0; row < count; row++) {
    const others = squares.subarray(row * count + row + 1, (row + 1) * count)
    different.set(others, end)
    end += others.length
  }
  different.sort()
  return Math.sqrt(different[Math.floor(different.length / 2)] ?? 0)
}

/** The mean of the kernel over all pairs of a point of `a` and a point of `b`. */
export function kernelMean(a: tf.Tensor2D, b: tf.Tensor2D, bandwidth: number): number {
  return freeing(() => {
    const exponents = tf.div(squaredDistances(a, b), -2 * Math.max(bandwidth, 1e-12) ** 2)
    return tf.mean(tf.exp(exponents)).dataSync()[0] ?? NaN
  })
}

/**
 * The square root of the biased estimate of MMD^2, which is never negative; 0 for equal samples.
 * @param ofSource the source's kernel mean with itself, if already computed
 */
export function mmd(
  source: tf.Tensor2D,
  target: tf.Tensor2D,
  bandwidth: number,
  ofSource = kernelMean(source, source, bandwidth),
): number {
  const square = ofSource + kernelMean(target, target, bandwidth) - 2 * kernelMean(source, target, bandwidth)
  return Math.sqrt(Math.max(0, square))
}
