/**
 * The domain discriminator D: features `[batch, length]` in, two logits `[batch, 2]` out. Output 0 means "source",
 * output 1 means "target". Three linear layers; the article puts no activation between them.
 */
import * as tf from '@tensorflow/tfjs-core'
import { featureLength } from './encoder'
import { allLabelled } from './losses'
import { linear, linearLayer, type Architecture } from './network'

export const sourceLabel = 0
export const targetLabel = 1

export function discriminator(
  activation: 'none' | 'relu',
  length = featureLength,
): Architecture<'fc1' | 'fc2' | 'fc3'> {
  const activate = (x: tf.Tensor2D) => (activation === 'relu' ? tf.relu(x) : x)
  return {
    layers: { fc1: linearLayer(length, 512), fc2: linearLayer(512, 512), fc3: linearLayer(512, 2) },
    forward: ({ fc1, fc2, fc3 }, x) => linear(activate(linear(activate(linear(x, fc1)), fc2)), fc3),
  }
}

/** D's training labels for a batch, `[source + target]`: `source` source labels, then `target` target labels. */
export function domainLabels(source: number, target: number): tf.Tensor1D {
  return tf.concat([allLabelled(sourceLabel, source), allLabelled(targetLabel, target)])
}
