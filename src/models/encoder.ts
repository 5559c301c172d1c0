/**
 * The article's encoder, MS and MT: a LeNet (LeCun et al. 1998) with 5x5 convolutions, each followed by 2x2
 * max-pooling and ReLU, and one linear layer. `[batch, side, side, channels]` in, features `[batch, 512]` out. Shapes in
 * this file are those of images of 28x28.
 */
import * as tf from '@tensorflow/tfjs-core'
import { mapSide } from '../contract/encoder'
import type { ImageSpec } from '../contract/sample'
import { convolutionLayer, linear, linearLayer, type Architecture, type Layer } from './network'

/** Length of the feature vector. */
export const featureLength = 512

export function lenet({ side, channels }: ImageSpec): Architecture<'conv1' | 'conv2' | 'fc'> {
  /** 64 maps of 4x4, in TensorFlow's order: row, column, map. */
  const flattenedLength = mapSide(side) ** 2 * 64
  return {
    layers: {
      conv1: convolutionLayer(5, channels, 32),
      conv2: convolutionLayer(5, 32, 64),
      fc: linearLayer(flattenedLength, featureLength),
    },
    forward({ conv1, conv2, fc }, x) {
      const first = convolve(x, conv1) // [batch, 12, 12, 32]
      const second = convolve(first, conv2) // [batch, 4, 4, 64]
      return linear(tf.reshape(second, [-1, flattenedLength]), fc)
    },
  }
}

/**
 * Convolution without padding, max-pooling, ReLU. The bias is added after the pooling, to a quarter of the
 * values: max(x + b) = max(x) + b.
 */
export function convolve(x: tf.Tensor, { weight, bias }: Layer): tf.Tensor4D {
  const maps = tf.conv2d(x as tf.Tensor4D, weight as tf.Tensor4D, 1, 'valid')
  return tf.relu(tf.add(tf.maxPool(maps, 2, 2, 'valid'), bias))
}
