/** The classifier C: features `[batch, length]` in, one logit per class `[batch, classes]` out. */
import * as tf from '@tensorflow/tfjs-core'
import type { ModelOptions } from '../contract/experiment'
import { featureLength } from './encoder'
import { linear, linearLayer, type Architecture } from './network'

/** One linear layer. The article does not say whether a ReLU precedes it. */
export function classifier(
  classes: number,
  activation: ModelOptions['classifierActivation'],
  length = featureLength,
): Architecture<'fc'> {
  return {
    layers: { fc: linearLayer(length, classes) },
    forward: ({ fc }, x) => linear(activation === 'relu' ? tf.relu(x) : x, fc),
  }
}
