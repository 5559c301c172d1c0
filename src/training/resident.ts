/** A domain's images as tensors that stay in memory for the whole training; steps gather batches from them. */
import * as tf from '@tensorflow/tfjs-core'
import { nativeBackend } from '../native/backend'
import { sampleTensor, type SampleArray } from './evaluate'

export interface ResidentDomain {
  /** `[count, side, side, channels]`, or `[count, length]` for vectors. */
  readonly images: tf.Tensor
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
  const images = sampleTensor(domain)
  nativeBackend().getInputTensorIds([images])
  return {
    images,
    labels: tf.tensor1d(domain.labels, 'int32'),
    trueLabels: domain.labels,
    count: domain.count,
  }
}

export function disposeDomain({ images, labels }: ResidentDomain): void {
  tf.dispose([images, labels])
}
