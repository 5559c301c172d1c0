/** Applying trained networks to whole domains, in batches large enough to be quick and small enough for memory. */
import * as tf from '@tensorflow/tfjs-core'
import type { Accuracies } from '../contract/record'
import type { DomainImages } from '../data/domain'
import type { Network } from '../models/network'
import { accuraciesOf } from './accuracy'

/** Images in one forward pass; the first layer's output is 18 MB. */
const passSize = 250

/** A domain's images as a tensor `[count, 28, 28, channels]`. */
export function imageTensor({ pixels, count, size, channels }: DomainImages): tf.Tensor4D {
  return tf.tensor4d(pixels, [count, size, size, channels])
}

/** Features `[count, 512]` of images `[count, 28, 28, channels]`. */
export function featuresOf(encoder: Network, images: tf.Tensor4D): tf.Tensor2D {
  return tf.tidy(() => {
    const passes: tf.Tensor2D[] = []
    for (let start = 0; start < images.shape[0]; start += passSize) {
      const size = Math.min(passSize, images.shape[0] - start)
      passes.push(tf.tidy(() => encoder(tf.slice(images, [start, 0, 0, 0], [size, -1, -1, -1]))))
    }
    return tf.concat(passes)
  })
}

/** The class of the largest logit, for each row of features. */
export function predictionsOf(classifier: Network, features: tf.Tensor2D): Int32Array {
  return tf.tidy(() => tf.argMax(classifier(features), 1).dataSync<'int32'>())
}

export interface Outcome {
  readonly accuracies: Accuracies
  /** `[count]`: the source class that each image was given. */
  readonly predictions: Int32Array
}

/** C(encoder(x)) over a domain, against its true labels under `pairing`. */
export function evaluate(
  encoder: Network,
  classifier: Network,
  images: DomainImages,
  pairing: readonly number[],
): Outcome {
  return tf.tidy(() => {
    const predictions = predictionsOf(classifier, featuresOf(encoder, imageTensor(images)))
    return { accuracies: accuraciesOf(images.labels, predictions, pairing), predictions }
  })
}
