/**
 * Batch normalisation (Ioffe, Szegedy 2015) of features `[batch, units]` or maps `[batch, rows, columns, maps]`, with
 * the semantics of PyTorch's BatchNorm1d and BatchNorm2d: y = weight * (x - mean) / sqrt(variance + epsilon) + bias, over
 * all axes but the last. In training mode, mean and variance are those of the batch, and the running statistics are
 * updated: running = 0.9 running + 0.1 batch, with the unbiased variance. Otherwise the running statistics are used.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { MaxPool } from '../networks/layer'
import { maxPool } from './pooling'

/** The share of the batch's statistics in the updated running statistics. */
export const momentum = 0.1

/** Values of a layer, `[units]` each; `running` is absent if no pass may move it, which then only learns. */
export interface Normalisation {
  readonly weight: tf.Tensor
  readonly bias: tf.Tensor
  readonly epsilon: number
  readonly running?: { readonly mean: tf.Tensor; readonly variance: tf.Tensor }
}

interface Statistics {
  readonly mean: tf.Tensor
  readonly variance: tf.Tensor
}

export function batchNorm(x: tf.Tensor2D, layer: Normalisation, learning: boolean): tf.Tensor2D {
  const statistics = learning ? followed(layer, tf.moments(x, 0), x.shape[0]) : runningOf(layer)
  return normalised(x, layer, statistics)
}

export function mapsNorm(x: tf.Tensor4D, layer: Normalisation, learning: boolean): tf.Tensor4D {
  const statistics = learning ? followed(layer, momentsOfMaps(x), pixelsIn(x)) : runningOf(layer)
  return normalised(x, layer, statistics)
}

/**
 * Batch normalisation of maps, then max-pooling, computed in the other order so that fewer values are normalised: of
 * 2x2 pooling, a quarter. The maximum after normalisation is the largest value of a window, or the smallest if the map's
 * weight is negative.
 */
export function pooledBatchNorm(
  x: tf.Tensor4D,
  layer: Normalisation,
  learning: boolean,
  pool: Omit<MaxPool, 'kind'>,
): tf.Tensor4D {
  const statistics = learning ? followed(layer, momentsOfMaps(x), pixelsIn(x)) : runningOf(layer)
  const rising = tf.cast(tf.greaterEqual(layer.weight, 0), 'float32')
  const sign = tf.sub(tf.mul(rising, 2), 1) // [maps], 1 or -1
  const signed: tf.Tensor4D = tf.mul(x, sign)
  const highest: tf.Tensor4D = tf.mul(maxPool(signed, pool), sign)
  return normalised(highest, layer, statistics)
}

function normalised<T extends tf.Tensor>(
  x: T,
  { weight, bias, epsilon }: Normalisation,
  { mean, variance }: Statistics,
): T {
  const scale = tf.div(weight, tf.sqrt(tf.add(variance, epsilon)))
  return tf.add(tf.mul(tf.sub(x, mean), scale), bias)
}

/** The statistics of a batch of `count` values. Also updates the layer's running statistics, if it has any. */
function followed({ running }: Normalisation, { mean, variance }: Statistics, count: number): Statistics {
  if (running === undefined) return { mean, variance }
  follow(running.mean, mean)
  follow(running.variance, tf.mul(variance, count / Math.max(1, count - 1)))
  return { mean, variance }
}

function momentsOfMaps(x: tf.Tensor4D): Statistics {
  const [mean, variance] = tf.unstack(stackedMoments(x)) as [tf.Tensor, tf.Tensor]
  return { mean, variance }
}

/**
 * Mean and variance of maps, `[2, maps]`. The gradient derived by tfjs needs many operations of the size of `x`;
 * combined, it is linear in `x`: (dm + 2 dv (x - mean)) / count.
 */
const stackedMoments = tf.customGrad((input, save) => {
  const x = input as tf.Tensor4D
  const mean = tf.mean(x, [0, 1, 2])
  const variance = tf.mean(tf.squaredDifference(x, mean), [0, 1, 2])
  ;(save as tf.GradSaveFunc)([x, mean])
  return {
    value: tf.stack([mean, variance]),
    gradFunc: (slope: tf.Tensor, saved: tf.Tensor[]) => {
      const [x, mean] = saved as [tf.Tensor4D, tf.Tensor]
      const [ofMean, ofVariance] = tf.unstack(tf.div(slope, pixelsIn(x))) as [tf.Tensor, tf.Tensor]
      const steepness = tf.mul(ofVariance, 2)
      return tf.add(tf.mul(x, steepness), tf.sub(ofMean, tf.mul(steepness, mean)))
    },
  }
})

function pixelsIn({ shape: [batch, rows, columns] }: tf.Tensor4D): number {
  return batch * rows * columns
}

function follow(running: tf.Tensor, now: tf.Tensor): void {
  if (!(running instanceof tf.Variable)) throw new Error('running statistics of a pass that may not learn')
  running.assign(tf.add(tf.mul(running, 1 - momentum), tf.mul(now, momentum)))
}

function runningOf({ running }: Normalisation) {
  if (running === undefined) throw new Error('batch normalisation without running statistics')
  return running
}
