/**
 * Stage 1: MS and C learn the source, by cross-entropy of C(MS(x)) against the labels, each with an optimiser
 * of its own.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Experiment } from '../contract/experiment'
import { batches } from '../data/batches'
import { stream } from '../data/random'
import { crossEntropy } from '../models/losses'
import { backgroundOf, drawViews, view } from '../models/views'
import type { ExperimentNetworks } from './networks'
import type { ResidentDomain } from './resident'
import { scheduled } from './schedule'
import type { Stage, StepNumbers } from './steps'

export function sourceStage(
  { MS, C, ofSource }: ExperimentNetworks,
  { model, sourceStage: { optimiser, learningRate, views } }: Experiment,
  { images, labels }: ResidentDomain,
): Stage {
  return {
    networks: ofSource,
    learners: [
      { network: MS, optimiser, learningRate },
      { network: C, optimiser, learningRate },
    ],
    losses: ['source'],
    resident: { images, labels },
    step(shown, { learn, drawn }) {
      const clean = tf.gather(images, shown('source'))
      const x = views === null ? clean : view(clean, drawn('views') as tf.Tensor2D, backgroundOf(model))
      const y = tf.gather(labels, shown('source'))

      const loss = crossEntropy(C(MS(x)), y)
      learn(loss, MS, C)

      return { source: loss }
    },
  }
}

/** The batches of one epoch (from 1) and what else its steps are given; `count` images. */
export function sourceEpoch(experiment: Experiment, count: number, epoch: number): StepNumbers[] {
  const { epochs, batch, schedule, views } = experiment.sourceStage
  const order = batches(count, batch, stream(experiment.seed, 'source-batches', epoch))
  return order.map((source, step) => ({
    shown: { source },
    rateFactor: scheduled(schedule, (epoch - 1 + step / order.length) / epochs),
    weights: {},
    draw: (): Record<string, tf.Tensor> =>
      views === null
        ? {}
        : { views: drawViews(stream(experiment.seed, 'source-views', epoch, step), views, source.length) },
  }))
}
