/** Max-pooling and padding of maps `[batch, rows, columns, maps]`. */
import * as tf from '@tensorflow/tfjs-core'
import type { MaxPool } from '../networks/layer'

/** Padding never wins: it is -Infinity. */
export function maxPool(x: tf.Tensor4D, { size, stride, padding }: Omit<MaxPool, 'kind'>): tf.Tensor4D {
  return tf.maxPool(padded(x, padding, -Infinity), size, stride, 'valid')
}

/** The maps with `pixels` of a value on each side. */
export function padded(x: tf.Tensor4D, pixels: number, value: number): tf.Tensor4D {
  if (pixels === 0) return x
  const both: [number, number] = [pixels, pixels]
  return tf.pad(x, [[0, 0], both, both, [0, 0]], value)
}
