/** Target images given with their labels, held in memory, and the random choice of those used in a step. */
import * as tf from '@tensorflow/tfjs-core'
import type { Experiment } from '../contract/experiment'
import type { LabelledImage } from '../data/shots'
import type { Random } from '../data/random'
import type { Augment } from '../models/views'
import type { ResidentDomain } from './resident'

export interface Shots {
  /** Indices into the target domain. */
  readonly indices: Int32Array
  /** `[shots, ...]`. */
  readonly images: tf.Tensor
  /** Classes of the source, `[shots]`, int32. */
  readonly labels: tf.Tensor1D
}

/** Null if none are given. */
export function residentShots(
  labelled: readonly LabelledImage[],
  { images }: Pick<ResidentDomain, 'images'>,
): Shots | null {
  if (labelled.length === 0) return null
  const indices = Int32Array.from(labelled, ({ position }) => position)
  return {
    indices,
    images: images.rows(indices),
    labels: tf.tensor1d(
      labelled.map(({ label }) => label),
      'int32',
    ),
  }
}

export function disposeShots({ images, labels }: Shots): void {
  tf.dispose([images, labels])
}

/**
 * Draws the samples of one step (all of them, or at most `batch`) and their random views; samples without views are
 * shown unchanged.
 */
export function drawShownShots(
  { indices }: Shots,
  { batch }: Experiment['adaptation'],
  augment: Augment | null,
  random: Random,
): Record<string, tf.Tensor> {
  const shown = random.permutation(indices.length).subarray(0, batch)
  const shots = tf.tensor1d(shown, 'int32')
  return augment === null ? { shots } : { shots, shotViews: augment.draw(random, shown.length) }
}
