/** Applies trained networks to whole domains, in batches that are fast and fit in memory. */
import * as tf from '@tensorflow/tfjs-core'
import type { Accuracies } from '../contract/record'
import type { Network } from '../models/network'
import { freeing } from '../models/scope'
import { accuraciesOf } from './accuracy'
import { requireFiniteOutput } from './finite'

/** Rows in one forward pass. For images, the first layer's output then takes 18 MB. */
const passSize = 250

/** A domain's samples as an array, row after row: images, or vectors of one length. */
export type SampleArray = { readonly pixels: Float32Array; readonly count: number } & (
  { readonly size: number; readonly channels: number } | { readonly length: number }
)

/** A domain's samples as a tensor: `[count, side, side, channels]`, or `[count, length]`. */
export function sampleTensor(samples: SampleArray): tf.Tensor {
  const shape = 'length' in samples ? [samples.length] : [samples.size, samples.size, samples.channels]
  return tf.tensor(samples.pixels, [samples.count, ...shape])
}

/** Applies `f` to all rows of a table (images or features), in batches of `passSize`. */
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

/** Features `[count, length]` of samples `[count, ...]`. */
export function featuresOf(encoder: Network, images: tf.Tensor): tf.Tensor2D {
  return inPasses(encoder, images)
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
    const features = featuresOf(encoder, sampleTensor(images))
    requireFiniteOutput(features, encoder.id)
    const predictions = predictionsOf(classifier, features)
    return { accuracies: accuraciesOf(images.labels, predictions, pairing), predictions }
  })
}
