/** The classifier C: features `[batch, 512]` in, one logit a class `[batch, classes]` out. */
import * as tf from '@tensorflow/tfjs-core'
import type { ModelOptions } from '../contract/experiment'
import { featureLength } from './encoder'
import { linear, linearLayer, type Architecture } from './network'

/** One linear layer; whether a ReLU stands before it, the article does not say. */
export function classifier(
  classes: number,
  activation: ModelOptions['classifierActivation'],
): Architecture<'fc'> {
  return {
    layers: { fc: linearLayer(featureLength, classes) },
    forward: ({ fc }, x) => linear(activation === 'relu' ? tf.relu(x) : x, fc),
  }
}
