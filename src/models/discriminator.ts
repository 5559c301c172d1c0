/**
 * The domain discriminator D: features `[batch, 512]` in, two logits `[batch, 2]` out, of which output 0 says
 * "source" and output 1 "target". Three linear layers; the article puts no activation between them.
 */
import * as tf from '@tensorflow/tfjs-core'
import { featureLength } from './encoder'
import { linear, linearLayer, type Architecture } from './network'

export const sourceLabel = 0
export const targetLabel = 1

export function discriminator(activation: 'none' | 'relu'): Architecture<'fc1' | 'fc2' | 'fc3'> {
  const activate = (x: tf.Tensor2D) => (activation === 'relu' ? tf.relu(x) : x)
  return {
    layers: { fc1: linearLayer(featureLength, 512), fc2: linearLayer(512, 512), fc3: linearLayer(512, 2) },
    forward: ({ fc1, fc2, fc3 }, x) => linear(activate(linear(activate(linear(x, fc1)), fc2)), fc3),
  }
}
