/**
 * Measures the networks after each round and computes the data of the round's plots. The sample, the plane of the plot
 * and the bandwidth of MMD's kernel are fixed with MS before adaptation begins, so that rounds can be compared.
 *
 * A full measurement reads all images. If the experiment measures every n-th round, the other rounds read the samples
 * only and leave out the held-out images and the label-free scores.
 */
import * as tf from '@tensorflow/tfjs-core'
import { viewsSchema, type Experiment } from '../contract/experiment'
import type { Estimate } from '../contract/estimate'
import type { RoundView } from '../contract/run'
import type { Accuracies, LabelFree, Measures } from '../contract/record'
import { unknownLabel } from '../data/dataset'
import type { JudgedSamples } from '../data/judged-samples'
import { stream } from '../data/random'
import { estimateOf } from '../statistics/accuracy-estimate'
import { freeing } from '../models/scope'
import { augmentOf, type Augment } from '../models/views'
import { createDomainProbe } from './a-distance'
import { accuraciesOf } from './accuracy'
import type { AdaptationData } from './adaptation'
import { distancesToMeans } from './class-means'
import { featuresOf, passesOver, passSize, predictionsOf } from './evaluate'
import { judgementOf } from './judgement'
import { labelFreeOf } from './label-free'
import { kernelMean, medianDistance, mmd } from './mmd'
import { learns, predictorsOf, type ExperimentNetworks } from './networks'
import { principalAxes } from './projection'
import { createReader, pick, type Reading } from './reading'
import type { ResidentDomain } from './resident'
import { sampleIndices } from './sample'
import type { Samples } from './samples'

/** Principal components kept in a view. They are enough for UMAP; 1,000 rows of them take 64 KB. */
const featureDimensions = 16

/** Number of images of each domain from which the plane and the bandwidth are computed. */
const frameSize = 500

export interface Observation {
  readonly measures: Measures
  readonly view: RoundView
}

export interface Observer {
  /** Measures the networks in their current state. */
  observe(round: number): Observation
  dispose(): void
}

/** Positions of images that no accuracy is measured on. */
export interface LeftOut {
  readonly target: Int32Array
  readonly unseenTarget: Int32Array
}

const nothing = new Int32Array(0)

/** What is measured beside the samples of training. */
interface Judged {
  /** The target images held out from training. */
  readonly unseenTarget: ResidentDomain | null
  /** Near-duplicates of the labelled images, which no accuracy is measured on either. */
  readonly nearby?: LeftOut | undefined
  /** The labelled source samples from which accuracy is estimated. */
  readonly judgedSource?: JudgedSamples<ResidentDomain> | undefined
}

const noneNearby: LeftOut = { target: nothing, unseenTarget: nothing }

export function createObserver(
  { source: { classes }, pairing, seed, model, measuring, adaptation: { epochs } }: Experiment,
  networks: ExperimentNetworks,
  { source, target, sourceFeatures, shots }: AdaptationData,
  { unseenTarget, nearby = noneNearby, judgedSource }: Judged,
): Observer {
  const predictors = predictorsOf(networks)
  const discriminate = networks.adaptation?.discriminate ?? null
  const sourceSample = sampleIndices('source', source.count, seed)
  const targetSample = sampleIndices('target', target.count, seed)
  /** The labelled target images, and near-duplicates of them. */
  const leftOut = new Set([...(shots?.indices ?? nothing), ...nearby.target])

  const { axes, bandwidth, length } = freeing(() => {
    const { MS } = networks
    const ofSource = featuresOf(MS, source.images, sourceSample.subarray(0, frameSize))
    const ofTarget = featuresOf(MS, target.images, targetSample.subarray(0, frameSize))
    return {
      axes: principalAxes(tf.concat([ofSource, ofTarget]), featureDimensions),
      bandwidth: medianDistance(ofSource, ofTarget),
      length: ofSource.shape[1],
    }
  })
  const probe = createDomainProbe(sourceSample.length, targetSample.length, length)

  /** The views of the target's sample, the same in every round; null for samples that have no views. */
  const augment = augmentOf(model, viewsSchema.parse({}))
  const sampleViews = augment && augment.draw(stream(seed, 'agreement'), targetSample.length)

  const { encoder, classifier } = predictors.source
  const ofSource = { trueLabels: source.trueLabels, sample: sourceSample, classifier, discriminate }
  const sourceReader =
    sourceFeatures === null
      ? createReader({
          ...ofSource,
          encode: (indices) => encoder(source.images.rows(indices)),
          passSize: source.images.passSize,
        })
      : createReader({
          ...ofSource,
          encode: (indices) => tf.gather(sourceFeatures, tf.tensor1d(indices, 'int32')),
          passSize,
        })
  const targetReader = createReader({
    trueLabels: target.trueLabels,
    sample: targetSample,
    encode: (indices) => predictors.target.encoder(target.images.rows(indices)),
    passSize: target.images.passSize,
    classifier: predictors.target.classifier,
    discriminate,
  })

  /**
   * Labelled samples of the source, read by the networks that the method applies to the source: a method that adapts
   * only MT lets it forget the source.
   */
  const judgedReader =
    judgedSource &&
    createReader({
      trueLabels: judgedSource.samples.trueLabels,
      sample: Int32Array.from(judgedSource.samples.trueLabels.keys()),
      encode: (indices) => encoder(judgedSource.samples.images.rows(indices)),
      passSize: judgedSource.samples.images.passSize,
      classifier,
      discriminate: null,
    })

  /** The source's measures if adaptation does not change the networks that predict the source; otherwise null. */
  const fixedSource = learns(networks, predictors.source)
    ? null
    : freeing(() => {
        const reading = sourceReader.all()
        return {
          accuracies: sourceAccuracies(reading),
          kernel: kernelMean(reading.features, reading.features, bandwidth),
        }
      })

  function sourceAccuracies({ trueLabels, predictions }: Reading): Accuracies {
    const identity = classes.map((_, index) => index)
    return accuraciesOf(trueLabels, predictions, identity)
  }

  /** Accuracy on the labelled target images that training does not see with labels, nor near-duplicates of them. */
  function targetAccuracies({ indices, trueLabels, predictions }: Reading): Accuracies | null {
    const rows = Int32Array.from(indices.keys()).filter(
      (row) => trueLabels[row] !== unknownLabel && !leftOut.has(indices[row] ?? -1),
    )
    if (rows.length === 0) return null
    return accuraciesOf(pick(trueLabels, rows), pick(predictions, rows), pairing)
  }

  /** Classes predicted by the target's encoder and classifier: of all images, or of those with these indices. */
  function classesOf(images: Samples, indices?: Int32Array): Int32Array {
    const predictor = predictors.target
    return freeing(() => predictionsOf(predictor.classifier, featuresOf(predictor.encoder, images, indices)))
  }

  /** Classes of the target's sample under its views. */
  function classesOfViews({ apply }: Augment, views: tf.Tensor): Int32Array {
    const predictor = predictors.target
    return freeing(() => {
      const rows = Int32Array.from(targetSample.keys())
      const features = passesOver(rows, target.images.passSize, (shown) => {
        const images = target.images.rows(pick(targetSample, shown))
        return predictor.encoder(apply(images, tf.gather(views, tf.tensor1d(shown, 'int32'))))
      })
      return predictionsOf(predictor.classifier, features)
    })
  }

  /** The measures that every round has, from all images or from the samples. */
  function measure(ofSource: Reading, ofTarget: Reading): Measures {
    return {
      source: fixedSource?.accuracies ?? sourceAccuracies(ofSource),
      sourceJudge: encoder === networks.MS ? 'MS' : 'MT',
      target: targetAccuracies(ofTarget),
      unseenTarget: null,
      ...judgementOf(ofSource.verdicts, ofTarget.verdicts),
      proxyADistance: probe.distance(ofSource.features, ofTarget.features),
      mmd: mmd(ofSource.features, ofTarget.features, bandwidth, fixedSource?.kernel),
    }
  }

  function measureUnseen(): Accuracies | null {
    if (unseenTarget === null) return null
    const { images, trueLabels } = unseenTarget
    if (nearby.unseenTarget.length === 0) return accuraciesOf(trueLabels, classesOf(images), pairing)
    const left = new Set(nearby.unseenTarget)
    const rows = Int32Array.from(trueLabels.keys()).filter((row) => !left.has(row))
    if (rows.length === 0) return null
    return accuraciesOf(pick(trueLabels, rows), classesOf(images, rows), pairing)
  }

  /** Uses no target labels. Source labels may be used: every method has them. */
  function measureWithoutLabels(ofSource: Reading, ofTarget: Reading): LabelFree {
    const { values, classes } = ofTarget.probabilities
    const arePredictorsEqual =
      encoder === predictors.target.encoder && classifier === predictors.target.classifier
    return labelFreeOf({
      target: ofTarget.probabilities,
      sample: { values: values.subarray(0, targetSample.length * classes), classes },
      predictions: ofTarget.predictions.subarray(0, targetSample.length),
      predictionsOfViews: augment && sampleViews && classesOfViews(augment, sampleViews),
      verdicts: ofSource.verdicts &&
        ofTarget.verdicts && { source: ofSource.verdicts, target: ofTarget.verdicts },
      sourcePredictions: arePredictorsEqual
        ? ofSource.predictions.subarray(0, sourceSample.length)
        : classesOf(source.images, sourceSample),
      sourceLabels: ofSource.trueLabels.subarray(0, sourceSample.length),
    })
  }

  /** Uses no target labels. Null without source samples to judge by. */
  function estimate(ofTarget: Reading, { agreement }: LabelFree): Estimate | null {
    if (judgedSource === undefined || judgedReader === undefined) return null
    const judged = judgedReader.sample()
    const distances = (features: tf.Tensor2D) =>
      distancesToMeans(features, judged.features, judged.trueLabels)
    return {
      on: judgedSource.on,
      count: judged.trueLabels.length,
      ...estimateOf({
        source: { ...judged.probabilities, labels: judged.trueLabels, distances: distances(judged.features) },
        target: { ...ofTarget.probabilities, distances: distances(ofTarget.features) },
        agreement,
      }),
    }
  }

  function viewOf(round: number, ofSource: Reading, ofTarget: Reading): RoundView {
    const inAxes = { source: axes.project(ofSource.features), target: axes.project(ofTarget.features) }
    const sourceColumn = (column: Int32Array) => Array.from(column.subarray(0, sourceSample.length))
    const targetColumn = (column: Int32Array) => Array.from(column.subarray(0, targetSample.length))
    return {
      round,
      sourcePoints: base64(inPlane(inAxes.source, axes.dimensions)),
      targetPoints: base64(inPlane(inAxes.target, axes.dimensions)),
      features: {
        dimensions: axes.dimensions,
        source: base64(inAxes.source),
        target: base64(inAxes.target),
      },
      sourceLabels: sourceColumn(ofSource.trueLabels),
      targetLabels: targetColumn(ofTarget.trueLabels),
      sourcePredictions: sourceColumn(ofSource.predictions),
      targetPredictions: targetColumn(ofTarget.predictions),
      sourceVerdicts: ofSource.verdicts && base64(ofSource.verdicts.subarray(0, sourceSample.length)),
      targetVerdicts: ofTarget.verdicts && base64(ofTarget.verdicts.subarray(0, targetSample.length)),
    }
  }

  /** Reads all images. */
  function observeAll(round: number): Observation {
    const [seenSource, seenTarget] = [sourceReader.all(), targetReader.all()]
    const labelFree = measureWithoutLabels(seenSource, seenTarget)
    const estimated = estimate(seenTarget, labelFree)
    const measures = {
      ...measure(seenSource, seenTarget),
      unseenTarget: measureUnseen(),
      labelFree,
      ...(estimated && { estimate: estimated }),
    }
    return { measures, view: viewOf(round, seenSource, seenTarget) }
  }

  /** Reads the samples only. */
  function observeSample(round: number): Observation {
    const [seenSource, seenTarget] = [sourceReader.sample(), targetReader.sample()]
    return { measures: measure(seenSource, seenTarget), view: viewOf(round, seenSource, seenTarget) }
  }

  /** If training sees the whole sample with labels, no image of the sample can test; every measurement is then full. */
  const isSampleLabelled = targetSample.every((index) => leftOut.has(index))

  return {
    observe(round) {
      const isFull = isSampleLabelled || round % measuring.every === 0 || round === epochs
      return freeing(() => (isFull ? observeAll(round) : observeSample(round)))
    },
    dispose() {
      axes.dispose()
      probe.dispose()
      sampleViews?.dispose()
    },
  }
}

/** The first two columns of rows of length `dimensions`: the coordinates drawn. */
function inPlane(rows: Float32Array, dimensions: number): Float32Array {
  return rows.filter((_, index) => index % dimensions < 2)
}

/** The bytes of an array as text, little endian. */
function base64({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64')
}
