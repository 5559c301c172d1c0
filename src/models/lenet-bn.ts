/**
 * The encoder of SHOT's digit experiments (Liang, Hu, Feng 2020, section 4.1; LeNet's convolutions and a bottleneck):
 * 5x5 convolutions with 20 and 50 maps, each followed by 2x2 max-pooling and ReLU, dropout of whole maps (0.5), one
 * linear layer, batch normalisation, dropout (0.5). `[batch, side, side, channels]` in, features `[batch, 256]` out.
 */
import * as tf from '@tensorflow/tfjs-core'
import { mapSide } from '../contract/encoder'
import type { ImageSpec } from '../contract/sample'
import { batchNorm } from './batch-norm'
import { dropout } from './dropout'
import { convolve } from './encoder'
import { convolutionLayer, linear, linearLayer, normalisationLayer, type Architecture } from './network'

export const bottleneckLength = 256
const share = 0.5

export function lenetBn({ side, channels }: ImageSpec): Architecture<'conv1' | 'conv2' | 'fc' | 'bn'> {
  const flattenedLength = mapSide(side) ** 2 * 50
  return {
    layers: {
      conv1: convolutionLayer(5, channels, 20),
      conv2: convolutionLayer(5, 20, 50),
      fc: linearLayer(flattenedLength, bottleneckLength),
      bn: normalisationLayer(bottleneckLength),
    },
    twoModes: true,
    forward({ conv1, conv2, fc, bn }, x, seeds) {
      const [batch] = x.shape as [number]
      const maps = convolve(convolve(x, conv1), conv2) // [batch, 4, 4, 50] for a side of 28
      const kept = dropout(maps, share, [batch, 1, 1, 50], seeds)
      const bottleneck = linear(tf.reshape(kept, [-1, flattenedLength]), fc)
      const normalised = batchNorm(bottleneck, bn, seeds !== null)
      return dropout(normalised, share, [batch, bottleneckLength], seeds)
    },
  }
}
