/** The classes that trained networks give samples, with their probabilities. */
import * as tf from '@tensorflow/tfjs-core'
import type { Predictor } from '../methods/method'
import { freeing } from '../models/scope'
import { classesIn } from './evaluate'
import { requireFiniteOutput } from './finite'

export interface Predicted {
  /** `[count]`: the class with the largest logit. */
  readonly predictions: Int32Array
  /** `[count, classes]`: softmax of the logits divided by the temperature. */
  readonly probabilities: Float32Array
}

/**
 * C(encoder(x)) for the samples of one forward pass, `[count, side, side, channels]` or `[count, length]`.
 * @param rows makes the samples; freed here
 * @throws `output-not-finite`
 */
export function predictPass(
  { encoder, classifier }: Predictor,
  rows: () => tf.Tensor,
  temperature: number,
): Predicted {
  return freeing(() => {
    const features = encoder(rows())
    requireFiniteOutput(features, encoder.id)
    const logits = classifier(features)
    const predictions = classesIn(logits, classifier.id)
    const probabilities = tf.softmax(tf.div(logits, temperature)).dataSync<'float32'>()
    return { predictions, probabilities }
  })
}
