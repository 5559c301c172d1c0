/** Distances of features to class means, which estimates need (src/statistics/accuracy-estimate.ts). */
import * as tf from '@tensorflow/tfjs-core'
import { freeing } from '../models/scope'

/**
 * The distance of each row of `features` to the nearest class mean, `[count]`, all rows scaled to length 1: a shift
 * changes lengths more than directions. The means are those of `known` `[known, length]` by its labels; a class without a
 * row has no mean.
 */
export function distancesToMeans(
  features: tf.Tensor2D,
  known: tf.Tensor2D,
  labels: Int32Array,
): Float32Array {
  return freeing(() => {
    const classes = [...new Set(labels)]
    const directions = unitRows(known)
    const means = classes.map((label) => {
      const rows = Array.from(labels.keys()).filter((row) => labels[row] === label)
      return tf.mean(tf.gather(directions, rows), 0)
    })
    const shown = unitRows(features)
    const distances = means.map((mean) => tf.norm(tf.sub(shown, mean), 'euclidean', 1))
    return tf.min(tf.stack(distances), 0).dataSync<'float32'>()
  })
}

function unitRows(rows: tf.Tensor2D): tf.Tensor2D {
  return tf.div(rows, tf.maximum(tf.norm(rows, 'euclidean', 1, true), 1e-12))
}
