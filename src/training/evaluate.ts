/** Applying trained networks to whole domains, in batches large enough to be quick and small enough for memory. */
import * as tf from '@tensorflow/tfjs-core'
import type { Accuracies } from '../contract/record'
import type { DomainImages } from '../data/domain'
import type { Network } from '../models/network'
import { freeing } from '../models/scope'
import { accuraciesOf } from './accuracy'
import { requireFiniteOutput } from './finite'

/** Rows in one forward pass: of images, the first layer's output is 18 MB. */
const passSize = 250

/** A domain's images as a tensor `[count, 28, 28, channels]`. */
export function imageTensor({ pixels, count, size, channels }: DomainImages): tf.Tensor4D {
  return tf.tensor4d(pixels, [count, size, size, channels])
}

/** `f` of all rows of a table (images, features), a few at a time. */
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

/** Features `[count, length]` of images `[count, 28, 28, channels]`. */
export function featuresOf(encoder: Network, images: tf.Tensor4D): tf.Tensor2D {
  return inPasses(encoder, images)
}

/**
 * The class of the largest logit, for each row of logits. Where a logit is NaN, argMax gives the first class all the same.
 * @throws `output-not-finite`, which names the classifier
 */
export function classesIn(logits: tf.Tensor2D, classifier: string): Int32Array {
  requireFiniteOutput(logits, classifier)
  return freeing(() => tf.argMax(logits, 1).dataSync<'int32'>())
}

/** The class that each row of features is given. Throws `output-not-finite`. */
export function predictionsOf(classifier: Network, features: tf.Tensor2D): Int32Array {
  return freeing(() => classesIn(inPasses(classifier, features), classifier.id))
}

export interface Outcome {
  readonly accuracies: Accuracies
  /** `[count]`: the source class that each image was given. */
  readonly predictions: Int32Array
}

/** C(encoder(x)) over a domain, against its true labels under `pairing`. Throws `output-not-finite`. */
export function evaluate(
  encoder: Network,
  classifier: Network,
  images: DomainImages,
  pairing: readonly number[],
): Outcome {
  return freeing(() => {
    const features = featuresOf(encoder, imageTensor(images))
    requireFiniteOutput(features, encoder.id)
    const predictions = predictionsOf(classifier, features)
    return { accuracies: accuraciesOf(images.labels, predictions, pairing), predictions }
  })
}
