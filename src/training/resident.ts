/** A domain as training uses it: its labels are in memory, and its samples if they are not too large. */
import * as tf from '@tensorflow/tfjs-core'
import { samplesIn, type SampleArray, type Samples } from './samples'

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

/** Pixels in memory are copied into TensorFlow immediately, so that `domain`'s memory can be freed. */
export function residentDomain(domain: LabelledSamples): ResidentDomain {
  return {
    images: samplesIn(domain),
    labels: tf.tensor1d(domain.labels, 'int32'),
    trueLabels: domain.labels,
    count: domain.count,
  }
}

export function disposeDomain({ images, labels }: ResidentDomain): void {
  images.dispose()
  labels.dispose()
}

type Batches = Readonly<Partial<Record<'source' | 'target', Int32Array>>>

/**
 * Waits until the samples of a step are read from the disk, and begins to read those of the next step, which goes on
 * while this step runs. Samples in memory need neither.
 */
export async function batchesRead(
  domains: Readonly<Partial<Record<'source' | 'target', ResidentDomain>>>,
  shown: Batches,
  nextShown: () => Batches,
): Promise<void> {
  for (const role of ['source', 'target'] as const) {
    const { images } = domains[role] ?? { images: null }
    const indices = shown[role]
    if (images === null || images.resident !== null || indices === undefined) continue
    await images.ready(indices)
    const next = nextShown()[role]
    if (next !== undefined) images.readAhead(next)
  }
}
