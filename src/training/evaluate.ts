/** Applies trained networks to whole domains, in batches that are fast and fit in memory. */
import * as tf from '@tensorflow/tfjs-core'
import type { Accuracies } from '../contract/record'
import type { Network } from '../models/network'
import { freeing } from '../models/scope'
import { accuraciesOf } from './accuracy'
import { requireFiniteOutput } from './finite'
import { samplesIn, type SampleArray, type Samples } from './samples'

/** Rows of features in one pass. */
export const passSize = 250

/** Applies `f` to all rows of a table of features, in batches of `passSize`. */
export function inPasses<T extends tf.Tensor>(f: (rows: T) => tf.Tensor2D, table: T): tf.Tensor2D {
  return tf.tidy(() => {
    const passes: tf.Tensor2D[] = []
    const rest = table.shape.slice(1)
    for (let start = 0; start < table.shape[0]; start += passSize) {
      const from = [start, ...rest.map(() => 0)]
      const size = [Math.min(passSize, table.shape[0] - start), ...rest]
      passes.push(tf.tidy(() => f(tf.slice(table, from, size))))
    }
    return tf.concat(passes)
  })
}

/** Features `[count, length]` of all samples, or of those with these indices. */
export function featuresOf(
  encoder: Network,
  images: Samples,
  indices: Int32Array = Int32Array.from({ length: images.count }, (_, index) => index),
): tf.Tensor2D {
  return passesOver(indices, images.passSize, (shown) => encoder(images.rows(shown)))
}

/** Applies `f` to indices, `size` at a time. */
export function passesOver(
  indices: Int32Array,
  size: number,
  f: (shown: Int32Array) => tf.Tensor2D,
): tf.Tensor2D {
  return tf.tidy(() => {
    const passes: tf.Tensor2D[] = []
    for (let start = 0; start < indices.length; start += size)
      passes.push(tf.tidy(() => f(indices.subarray(start, start + size))))
    return tf.concat(passes)
  })
}

/**
 * The class with the largest logit in each row. NaN is checked first, because argMax would return the first class.
 * @throws `output-not-finite`, which names the classifier
 */
export function classesIn(logits: tf.Tensor2D, classifier: string): Int32Array {
  requireFiniteOutput(logits, classifier)
  return freeing(() => tf.argMax(logits, 1).dataSync<'int32'>())
}

/** The predicted class of each row of features. Throws `output-not-finite`. */
export function predictionsOf(classifier: Network, features: tf.Tensor2D): Int32Array {
  return freeing(() => classesIn(inPasses(classifier, features), classifier.id))
}

export interface Outcome {
  readonly accuracies: Accuracies
  /** `[count]`: the predicted source class of each image. */
  readonly predictions: Int32Array
}

/** C(encoder(x)) over a domain, against its true labels under `pairing`. Throws `output-not-finite`. */
export function evaluate(
  encoder: Network,
  classifier: Network,
  images: SampleArray & { readonly labels: Int32Array },
  pairing: readonly number[],
): Outcome {
  return freeing(() => {
    const samples = samplesIn(images)
    const features = featuresOf(encoder, samples)
    samples.dispose()
    requireFiniteOutput(features, encoder.id)
    const predictions = predictionsOf(classifier, features)
    return { accuracies: accuraciesOf(images.labels, predictions, pairing), predictions }
  })
}
