/**
 * Batch normalisation (Ioffe, Szegedy 2015) of features `[batch, units]`, with the semantics of PyTorch's
 * BatchNorm1d: y = weight * (x - mean) / sqrt(variance + 1e-5) + bias. While a network learns, mean and variance are
 * those of the batch, and the running ones follow them: running = 0.9 running + 0.1 batch, with the variance's
 * unbiased estimate. Otherwise the running ones are used.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Layer } from './network'

const epsilon = 1e-5
const momentum = 0.1

export function batchNorm(x: tf.Tensor2D, layer: Layer, learning: boolean): tf.Tensor2D {
  const { mean, variance } = learning ? ofBatch(x, layer) : runningOf(layer)
  const scale = tf.div(layer.weight, tf.sqrt(tf.add(variance, epsilon)))
  return tf.add(tf.mul(tf.sub(x, mean), scale), layer.bias)
}

function ofBatch(x: tf.Tensor2D, layer: Layer) {
  const [count] = x.shape
  const { mean, variance } = tf.moments(x, 0)
  const running = runningOf(layer)
  follow(running.mean, mean)
  follow(running.variance, tf.mul(variance, count / Math.max(1, count - 1)))
  return { mean, variance }
}

function follow(running: tf.Variable, now: tf.Tensor): void {
  running.assign(tf.add(tf.mul(running, 1 - momentum), tf.mul(now, momentum)))
}

function runningOf({ running }: Layer) {
  if (running === undefined) throw new Error('batch normalisation without running statistics')
  return running
}
