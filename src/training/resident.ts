/** A domain's images as tensors that stay in memory for the whole training; steps gather batches from them. */
import * as tf from '@tensorflow/tfjs-core'
import type { DomainImages } from '../data/domain'
import { nativeBackend } from '../native/backend'
import { imageTensor } from './evaluate'

export interface ResidentDomain {
  /** `[count, 28, 28, channels]`. */
  readonly images: tf.Tensor4D
  /** `[count]`, int32. */
  readonly labels: tf.Tensor1D
  /** The same labels as an array, for measuring. */
  readonly trueLabels: Int32Array
  readonly count: number
}

/** Copies the pixels into TensorFlow immediately, so that `domain`'s memory can be freed. */
export function residentDomain(domain: DomainImages): ResidentDomain {
  const images = imageTensor(domain)
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
