/**
 * Stage 1: trains MS and C on the source, by cross-entropy of C(MS(x)) against the labels. Each has its own
 * optimiser.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Experiment } from '../contract/experiment'
import { batches } from '../data/batches'
import { stream } from '../data/random'
import { smoothedCrossEntropy } from '../models/losses'
import { augmentOf } from '../models/views'
import type { ExperimentNetworks } from './networks'
import type { ResidentDomain } from './resident'
import { scheduled } from './schedule'
import { drawSeed, type Stage, type StepNumbers } from './steps'

export function sourceStage(
  { MS, C, ofSource }: ExperimentNetworks,
  { model, sourceStage: { optimiser, learningRate, labelSmoothing, views } }: Experiment,
  { images, labels }: ResidentDomain,
): Stage {
  const augment = views && augmentOf(model, views)
  return {
    networks: ofSource,
    learners: [
      { network: MS, optimiser, learningRate },
      { network: C, optimiser, learningRate },
    ],
    losses: ['source'],
    resident: { images, labels },
    step(shown, { train, learn, drawn }) {
      const clean = tf.gather(images, shown('source'))
      const x = augment === null ? clean : augment.apply(clean, drawn('views'))
      const y = tf.gather(labels, shown('source'))

      const loss = smoothedCrossEntropy(train(C)(train(MS)(x)), y, labelSmoothing)
      learn(loss, MS, C)

      return { source: loss }
    },
  }
}

/** The batches of one epoch (from 1), with the other inputs of each step. `count`: number of source images. */
export function sourceEpoch(experiment: Experiment, count: number, epoch: number): StepNumbers[] {
  const { epochs, batch, schedule, views } = experiment.sourceStage
  const augment = views && augmentOf(experiment.model, views)
  const order = batches(count, batch, stream(experiment.seed, 'source-batches', epoch))
  return order.map((source, step) => ({
    shown: { source },
    rateFactor: scheduled(schedule, (epoch - 1 + step / order.length) / epochs),
    weights: {},
    draw(): Record<string, tf.Tensor> {
      const random = (purpose: string) => stream(experiment.seed, purpose, epoch, step)
      const seed = drawSeed(random('source-dropout'))
      return augment === null
        ? { seed }
        : { seed, views: augment.draw(random('source-views'), source.length) }
    },
  }))
}
