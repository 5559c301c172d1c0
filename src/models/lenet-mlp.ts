/**
 * The networks of MCD's experiments with USPS (Saito et al. 2018; github.com/mil-tokyo/MCD_DA,
 * classification/model/usps.py). The encoder has no linear layer and the classifier has three, so that two
 * classifiers on one encoder can differ.
 */
import * as tf from '@tensorflow/tfjs-core'
import { mapSide } from '../contract/encoder'
import type { ImageSpec } from '../contract/sample'
import { batchNorm, pooledBatchNorm } from './batch-norm'
import { dropout, type Seeds } from './dropout'
import {
  convolutionLayer,
  linear,
  linearLayer,
  normalisationLayer,
  type Architecture,
  type Layer,
} from './network'

const secondMaps = 48
const hiddenLength = 100
const share = 0.5

/**
 * Number of features: 48 maps, 4x4 for a side of 28. They have PyTorch's order (map, row, column), so a checkpoint's
 * `hidden1` is only transposed.
 */
export const flattenedLength = (side: number): number => secondMaps * mapSide(side) ** 2

/**
 * 5x5 convolutions with 32 and 48 maps, each followed by batch normalisation, ReLU and 2x2 max-pooling.
 * `[batch, side, side, channels]` in, features `[batch, length]` out.
 */
export function lenetMlp({ side, channels }: ImageSpec): Architecture<'conv1' | 'bn1' | 'conv2' | 'bn2'> {
  return {
    layers: {
      conv1: convolutionLayer(5, channels, 32),
      bn1: normalisationLayer(32),
      conv2: convolutionLayer(5, 32, secondMaps),
      bn2: normalisationLayer(secondMaps),
    },
    twoModes: true,
    forward({ conv1, bn1, conv2, bn2 }, x, seeds) {
      const learning = seeds !== null
      const first = convolve(x, conv1, bn1, learning) // [batch, 12, 12, 32] for a side of 28
      const second = convolve(first, conv2, bn2, learning) // [batch, 4, 4, 48]
      return tf.reshape(tf.transpose(second, [0, 3, 1, 2]), [-1, flattenedLength(side)])
    },
  }
}

/** Convolution without padding, batch normalisation, max-pooling, ReLU. */
function convolve(x: tf.Tensor, { weight, bias }: Layer, bn: Layer, learning: boolean): tf.Tensor4D {
  const maps = tf.conv2d(x as tf.Tensor4D, weight as tf.Tensor4D, 1, 'valid')
  return tf.relu(pooledBatchNorm(tf.add(maps, bias), bn, learning))
}

/**
 * Dropout (0.5) and a linear layer, three times; after the first two of them batch normalisation and ReLU.
 * Features `[batch, length]` in, logits `[batch, classes]` out.
 */
export function mlpClassifier(
  classes: number,
  length: number,
): Architecture<'hidden1' | 'bn1' | 'hidden2' | 'bn2' | 'fc'> {
  return {
    layers: {
      hidden1: linearLayer(length, hiddenLength),
      bn1: normalisationLayer(hiddenLength),
      hidden2: linearLayer(hiddenLength, hiddenLength),
      bn2: normalisationLayer(hiddenLength),
      fc: linearLayer(hiddenLength, classes),
    },
    twoModes: true,
    forward({ hidden1, bn1, hidden2, bn2, fc }, x, seeds) {
      const first = hidden(x as tf.Tensor2D, hidden1, bn1, seeds)
      const second = hidden(first, hidden2, bn2, seeds)
      return linear(thinned(second, seeds), fc)
    },
  }
}

function hidden(x: tf.Tensor2D, fc: Layer, bn: Layer, seeds: Seeds | null): tf.Tensor2D {
  return tf.relu(batchNorm(linear(thinned(x, seeds), fc), bn, seeds !== null))
}

function thinned(x: tf.Tensor2D, seeds: Seeds | null): tf.Tensor2D {
  const [batch, length] = x.shape
  return dropout(x, share, [batch, length], seeds)
}
