/** A domain in memory for the whole training; steps gather batches from it. */
import * as tf from '@tensorflow/tfjs-core'
import { residentSamples, type SampleArray, type Samples } from './samples'

export interface ResidentDomain {
  readonly images: Samples
  /** `[count]`, int32. */
  readonly labels: tf.Tensor1D
  /** The same labels as an array, for measuring. */
  readonly trueLabels: Int32Array
  readonly count: number
}

/** A domain's samples with their labels, and the index of each in the dataset. */
export type LabelledSamples = SampleArray & { readonly labels: Int32Array; readonly indices: Int32Array }

/** Copies the pixels into TensorFlow immediately, so that `domain`'s memory can be freed. */
export function residentDomain(domain: LabelledSamples): ResidentDomain {
  return {
    images: residentSamples(domain),
    labels: tf.tensor1d(domain.labels, 'int32'),
    trueLabels: domain.labels,
    count: domain.count,
  }
}

export function disposeDomain({ images, labels }: ResidentDomain): void {
  images.dispose()
  labels.dispose()
}
