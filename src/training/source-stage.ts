/**
 * Stage 1: trains MS and C on the source, by cross-entropy of C(MS(x)) against the labels. Each has its own
 * optimiser.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Experiment } from '../contract/experiment'
import { epochBatches, type Steps } from '../data/batches'
import { passOrder, stream } from '../data/random'
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
    samples: { source: images },
    resident: { labels, ...(images.resident && { images: images.resident }) },
    step(shown, { train, learn, drawn }) {
      const clean = images.batch(shown('source', 'samples'))
      const x = augment === null ? clean : augment.apply(clean, drawn('views'))
      const y = tf.gather(labels, shown('source'))

      const loss = smoothedCrossEntropy(train(C)(train(MS)(x)), y, labelSmoothing)
      learn(loss, MS, C)

      return { source: loss }
    },
  }
}

/** The batches of one epoch (from 1), with the other inputs of each step. `images`: number of source images. */
export function sourceEpoch(experiment: Experiment, images: number, epoch: number): Steps<StepNumbers> {
  const { seed, sourceStage } = experiment
  const { epochs, batch, steps, schedule, views } = sourceStage
  const augment = views && augmentOf(experiment.model, views)
  const { count, at } = epochBatches(images, batch, steps, passOrder(seed, 'source-batches', epoch))

  function numbersOf(source: Int32Array, step: number): StepNumbers {
    return {
      shown: { source },
      rateFactor: scheduled(schedule, (epoch - 1 + step / count) / epochs),
      weights: {},
      draw(): Record<string, tf.Tensor> {
        const random = (purpose: string) => stream(seed, purpose, epoch, step)
        const dropout = drawSeed(random('source-dropout'))
        return augment === null
          ? { seed: dropout }
          : { seed: dropout, views: augment.draw(random('source-views'), source.length) }
      },
    }
  }

  return { count, at: (step) => numbersOf(at(step), step) }
}
