/** A domain's images as tensors that stay in memory while a training lasts; steps take batches out of them. */
import * as tf from '@tensorflow/tfjs-core'
import type { DomainImages } from '../data/domain'
import { imageTensor } from './evaluate'

export interface ResidentDomain {
  /** `[count, 28, 28, channels]`. */
  readonly images: tf.Tensor4D
  /** `[count]`, int32. */
  readonly labels: tf.Tensor1D
  /** The same labels, to measure with. */
  readonly trueLabels: Int32Array
  readonly count: number
}

export function residentDomain(domain: DomainImages): ResidentDomain {
  return {
    images: imageTensor(domain),
    labels: tf.tensor1d(domain.labels, 'int32'),
    trueLabels: domain.labels,
    count: domain.count,
  }
}

export function disposeDomain({ images, labels }: ResidentDomain): void {
  tf.dispose([images, labels])
}
