/** Target images given with their labels, held in memory, and the random choice of those used in a step. */
import * as tf from '@tensorflow/tfjs-core'
import type { Experiment } from '../contract/experiment'
import { drawShots } from '../data/shots'
import type { Random } from '../data/random'
import { drawViews } from '../models/views'
import type { ResidentDomain } from './resident'

export interface Shots {
  /** Indices into the target domain, class by class. */
  readonly indices: Int32Array
  /** `[shots, 28, 28, channels]`. */
  readonly images: tf.Tensor4D
  /** Classes of the source, `[shots]`, int32. */
  readonly labels: tf.Tensor1D
}

/** Null if none are given. Throws `shots-too-many`. */
export function residentShots(
  { adaptation, target: { classes }, pairing, seed }: Experiment,
  { images, trueLabels }: ResidentDomain,
): Shots | null {
  if (adaptation.shots === 0) return null
  const indices = drawShots({ labels: trueLabels }, classes, adaptation.shots, seed)
  return {
    indices,
    images: tf.tidy(() => tf.gather(images, tf.tensor1d(indices, 'int32'))),
    labels: tf.tensor1d(
      indices.map((index) => pairing[trueLabels[index] ?? -1] ?? -1),
      'int32',
    ),
  }
}

export function disposeShots({ images, labels }: Shots): void {
  tf.dispose([images, labels])
}

/** Draws the images of one step (all of them, or at most `batch`) and their random views. */
export function drawShownShots(
  { indices }: Shots,
  { batch, views }: Experiment['adaptation'],
  random: Random,
): { shown: tf.Tensor1D; views: tf.Tensor2D } {
  const shown = random.permutation(indices.length).subarray(0, batch)
  return { shown: tf.tensor1d(shown, 'int32'), views: drawViews(random, views, shown.length) }
}
