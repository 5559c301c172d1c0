/** Stage 2: the method's step on paired batches of both domains, round after round. */
import * as tf from '@tensorflow/tfjs-core'
import type { Experiment } from '../contract/experiment'
import { pairedBatches, type PairedBatch } from '../data/batches'
import { stream } from '../data/random'
import type { Adaptation } from '../methods/method'
import { targetLabel } from '../models/discriminator'
import type { ExperimentNetworks } from './networks'
import type { ResidentDomain } from './resident'
import { scheduled } from './schedule'
import type { Stage, StepNumbers } from './steps'

export interface AdaptationData {
  readonly source: ResidentDomain
  readonly target: ResidentDomain
  /** MS of all source images, `[count, 512]`: MS is frozen, so they are computed once. */
  readonly sourceFeatures: tf.Tensor2D
}

/** The labels of the target are not among what a step can see. */
export function adaptationStage(
  { MS, C, ofAdaptation }: ExperimentNetworks,
  adaptation: Adaptation,
  losses: readonly string[],
  { source, target, sourceFeatures }: AdaptationData,
): Stage {
  return {
    networks: [MS, C, ...ofAdaptation],
    learners: adaptation.learners,
    losses,
    resident: {
      sourceImages: source.images,
      sourceLabels: source.labels,
      sourceFeatures,
      targetImages: target.images,
    },
    step(shown, tools) {
      const batch = {
        xs: tf.gather(source.images, shown('source')),
        ys: tf.gather(source.labels, shown('source')),
        fs: tf.gather(sourceFeatures, shown('source')),
        xt: tf.gather(target.images, shown('target')),
      }
      return adaptation.step(batch, tools)
    },
  }
}

/** The paired batches of one round (from 1). */
export function roundBatches(
  experiment: Experiment,
  { source, target }: AdaptationData,
  round: number,
): PairedBatch[] {
  const { seed, adaptation } = experiment
  return pairedBatches(
    source.count,
    target.count,
    adaptation.batch,
    stream(seed, 'source-order', round),
    stream(seed, 'target-order', round),
  )
}

/** What step number `step` (from 0) of `steps` in a round is given. */
export function adaptationNumbers(
  { seed, adaptation: settings }: Experiment,
  adaptation: Adaptation,
  pair: PairedBatch,
  round: number,
  step: number,
  steps: number,
): StepNumbers {
  const progress = (round - 1 + step / steps) / settings.epochs
  const sizes = { source: pair.source.length, target: pair.target.length }
  return {
    shown: { source: pair.source, target: pair.target },
    rateFactor: scheduled(settings.schedule, progress),
    weights: adaptation.weights(progress),
    draw: () => adaptation.draws(stream(seed, 'draws', round, step), sizes),
  }
}

/** D's word on each input of a pair, source inputs first: 0 "source", 1 "target". */
export function verdictsOn(
  pair: PairedBatch,
  MT: ExperimentNetworks['MT'],
  discriminate: NonNullable<Adaptation['discriminate']>,
  { target, sourceFeatures }: AdaptationData,
): (0 | 1)[] {
  return tf.tidy(() => {
    const fs = tf.gather(sourceFeatures, tf.tensor1d(pair.source, 'int32'))
    const ft = MT(tf.gather(target.images, tf.tensor1d(pair.target, 'int32')))
    const verdicts = tf.argMax(discriminate(tf.concat([fs, ft])), 1).dataSync<'int32'>()
    return Array.from(verdicts, (verdict) => (verdict === targetLabel ? 1 : 0))
  })
}
