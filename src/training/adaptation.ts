/** Stage 2: runs the method's step on paired batches of both domains, for each round. */
import * as tf from '@tensorflow/tfjs-core'
import type { Experiment } from '../contract/experiment'
import type { MethodDeclaration } from '../contract/method'
import { pairedBatches, type PairedBatch, type Steps } from '../data/batches'
import { passOrder, stream } from '../data/random'
import type { Adaptation, Batch, StepTools } from '../methods/method'
import { targetLabel } from '../models/discriminator'
import { crossEntropy } from '../models/losses'
import type { Pass } from '../models/network'
import { augmentOf } from '../models/views'
import type { ExperimentNetworks } from './networks'
import type { ResidentDomain } from './resident'
import { scheduled } from './schedule'
import { drawShownShots, type Shots } from './shots'
import { drawSeed, type Shown, type Stage, type StageTools, type StepNumbers } from './steps'

export interface AdaptationData {
  readonly source: ResidentDomain
  readonly target: ResidentDomain
  /** MS(x) of all source images, `[count, length]`, as in inference. Null if the source is not predicted through MS. */
  readonly sourceFeatures: tf.Tensor2D | null
  /** Target images given with labels; null if there are none. */
  readonly shots: Shots | null
}

/** Name of the loss on target images given with labels, reported in addition to the method's own losses. */
export const labelledLoss = 'labelled'

type Declared = Pick<MethodDeclaration, 'losses' | 'role'>

/** A step has no access to the target's labels, except those of the given images and, for a reference, all of them. */
export function adaptationStage(
  { MS, C, ofAdaptation }: ExperimentNetworks,
  adaptation: Adaptation,
  { losses, role }: Declared,
  experiment: Experiment,
  { source, target, sourceFeatures, shots }: AdaptationData,
): Stage {
  const { views } = experiment.sourceStage
  const ofSourceStage = views && augmentOf(experiment.model, views)
  const augment = augmentOf(experiment.model, experiment.adaptation.views)
  /** Null if MS has separate training and inference modes; the training features are then computed in each step. */
  const knownFeatures = MS.twoModes ? null : sourceFeatures

  function batchOf(shown: Shown, { drawn, trainFrozen }: StageTools): Batch {
    return {
      indices: { source: shown('source'), target: shown('target') },
      get xs() {
        const clean = source.images.batch(shown('source', 'samples'))
        return ofSourceStage === null ? clean : ofSourceStage.apply(clean, drawn('sourceViews'))
      },
      get ys() {
        return tf.gather(source.labels, shown('source'))
      },
      get fs() {
        if (sourceFeatures === null) throw new Error('features of the source that MS does not judge')
        if (knownFeatures !== null) return tf.gather(knownFeatures, shown('source'))
        return trainFrozen(MS)(source.images.batch(shown('source', 'samples')))
      },
      get xt() {
        return target.images.batch(shown('target', 'samples'))
      },
      get yt() {
        if (role !== 'reference') throw new Error('labels of the target in a method that is no reference')
        return tf.gather(tf.tensor1d(experiment.pairing, 'int32'), tf.gather(target.labels, shown('target')))
      },
    }
  }

  function labelledOf({ images, labels }: Shots, drawn: StepTools['drawn'], logits: Pass): tf.Scalar {
    const shown = drawn('shots') as tf.Tensor1D
    const clean = tf.gather(images, shown)
    const seen = augment === null ? clean : augment.apply(clean, drawn('shotViews'))
    return crossEntropy(logits(seen), tf.gather(labels, shown))
  }

  return {
    networks: [MS, C, ...ofAdaptation],
    learners: adaptation.learners,
    samples: { source: source.images, target: target.images },
    losses: shots === null ? losses : [...losses, labelledLoss],
    resident: {
      ...(source.images.resident && { sourceImages: source.images.resident }),
      sourceLabels: source.labels,
      ...(target.images.resident && { targetImages: target.images.resident }),
      ...(knownFeatures === null ? {} : { sourceFeatures: knownFeatures }),
      ...(role === 'reference' ? { targetLabels: target.labels } : {}),
      ...(shots === null ? {} : { shotImages: shots.images, shotLabels: shots.labels }),
    },
    step(shown, tools) {
      const labelled: tf.Scalar[] = []
      const terms = adaptation.step(batchOf(shown, tools), {
        ...tools,
        labelled(logits) {
          if (shots === null) return tf.scalar(0)
          const loss = labelledOf(shots, tools.drawn, logits)
          labelled.push(loss)
          return loss
        },
      })
      return labelled.length === 0 ? terms : { ...terms, [labelledLoss]: tf.mean(tf.stack(labelled)) }
    },
  }
}

/** The paired batches of one round (from 1). */
export function roundBatches(
  experiment: Experiment,
  { source, target }: AdaptationData,
  round: number,
): Steps<PairedBatch> {
  const { seed, adaptation } = experiment
  return pairedBatches({ source: source.count, target: target.count }, adaptation.batch, adaptation.steps, {
    source: passOrder(seed, 'source-order', round),
    target: passOrder(seed, 'target-order', round),
  })
}

/** The inputs of step `step` (from 0) of the `steps` steps of a round. */
export function adaptationNumbers(
  { seed, model, adaptation: settings, sourceStage }: Experiment,
  adaptation: Adaptation,
  shots: Shots | null,
  pair: PairedBatch,
  round: number,
  step: number,
  steps: number,
): StepNumbers {
  const progress = (round - 1 + step / steps) / settings.epochs
  const sizes = { source: pair.source.length, target: pair.target.length }
  const random = (purpose: string) => stream(seed, purpose, round, step)

  function draw(): Record<string, tf.Tensor> {
    const drawn = { ...adaptation.draws(random('draws'), sizes), seed: drawSeed(random('dropout')) }
    const ofSourceStage = sourceStage.views && augmentOf(model, sourceStage.views)
    if (ofSourceStage !== null)
      Object.assign(drawn, { sourceViews: ofSourceStage.draw(random('kept-source-views'), sizes.source) })
    if (shots === null) return drawn
    return { ...drawn, ...drawShownShots(shots, settings, augmentOf(model, settings.views), random('shots')) }
  }

  return {
    shown: { source: pair.source, target: pair.target },
    rateFactor: scheduled(settings.schedule, progress),
    weights: adaptation.weights(progress),
    draw,
  }
}

/** D's verdict on each input of a pair, source inputs first: 0 "source", 1 "target". */
export function verdictsOn(
  pair: PairedBatch,
  { source: ofSource, target: ofTarget }: Adaptation,
  discriminate: NonNullable<Adaptation['discriminate']>,
  { source, target, sourceFeatures }: AdaptationData,
): (0 | 1)[] {
  return tf.tidy(() => {
    const fs =
      sourceFeatures === null
        ? ofSource.encoder(source.images.rows(pair.source))
        : tf.gather(sourceFeatures, tf.tensor1d(pair.source, 'int32'))
    const ft = ofTarget.encoder(target.images.rows(pair.target))
    const verdicts = tf.argMax(discriminate(tf.concat([fs, ft])), 1).dataSync<'int32'>()
    return Array.from(verdicts, (verdict) => (verdict === targetLabel ? 1 : 0))
  })
}
