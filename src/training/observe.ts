/**
 * What is measured and drawn after each round. Whatever rounds are compared by, the sample, the plane of the
 * picture and the width of MMD's kernel, is fixed by MS before adaptation begins.
 */
import * as tf from '@tensorflow/tfjs-core'
import { viewsSchema, type Experiment } from '../contract/experiment'
import type { RoundView } from '../contract/lab'
import type { LabelFree, Measures } from '../contract/record'
import { stream } from '../data/random'
import { sourceLabel } from '../models/discriminator'
import { freeing } from '../models/scope'
import { backgroundOf, drawViews, view } from '../models/views'
import { proxyADistance } from './a-distance'
import { accuraciesOf } from './accuracy'
import type { AdaptationData } from './adaptation'
import { classesIn, featuresOf, inPasses, predictionsOf } from './evaluate'
import { judgementOf } from './judgement'
import { labelFreeOf, type Probabilities } from './label-free'
import { medianDistance, mmd } from './mmd'
import type { Predictor } from '../methods/method'
import { predictorsOf, type ExperimentNetworks } from './networks'
import { principalAxes } from './projection'
import type { ResidentDomain } from './resident'
import { sampleOf } from './sample'

/** Leading components that a view keeps: enough for UMAP, and 1,000 rows of them are 64 KB. */
const featureDimensions = 16

/** Images of each domain that fix the plane and the kernel. */
const frameSize = 500

export interface Observation {
  readonly measures: Measures
  readonly view: RoundView
}

export interface Observer {
  /** Of the networks as they are now. */
  observe(round: number): Observation
  dispose(): void
}

/** What the networks make of one domain. */
interface Reading {
  readonly trueLabels: Int32Array
  /** The source's classes and their probabilities, of all images. */
  readonly predictions: Int32Array
  readonly probabilities: Probabilities
  /** D's p(source), of all images; null without a D. */
  readonly verdicts: Float32Array | null
  /** Indices of the images that are shown, and their features. */
  readonly shown: Int32Array
  readonly sample: tf.Tensor2D
}

export function createObserver(
  { pairing, seed, model }: Experiment,
  networks: ExperimentNetworks,
  { source, target, sourceFeatures, shots }: AdaptationData,
  unseenTarget: ResidentDomain | null,
): Observer {
  const sourceShown = sampleOf('source', source.count, seed)
  const targetShown = sampleOf('target', target.count, seed)
  const discriminate = networks.adaptation?.discriminate ?? null
  const judges = predictorsOf(networks)
  const given = new Set(shots?.places)
  const withoutLabels = Int32Array.from(target.trueLabels.keys()).filter((place) => !given.has(place))

  const { axes, bandwidth } = freeing(() => {
    const { MS } = networks
    const ofSource = featuresOf(MS, rowsOf(source.images, sourceShown.subarray(0, frameSize)))
    const ofTarget = featuresOf(MS, rowsOf(target.images, targetShown.subarray(0, frameSize)))
    return {
      axes: principalAxes(tf.concat([ofSource, ofTarget]), featureDimensions),
      bandwidth: medianDistance(ofSource, ofTarget),
    }
  })

  const maps = tf.keep(drawViews(stream(seed, 'agreement'), viewsSchema.parse({}), targetShown.length))

  /** C's logits beside D's of everything in a table, of which only the sample's features are kept: all are 20 MB. */
  function read<T extends tf.Tensor>(
    { trueLabels }: ResidentDomain,
    { classifier }: Predictor,
    encode: (rows: T) => tf.Tensor2D,
    table: T,
    shown: Int32Array,
  ): Reading {
    const said = inPasses((rows: T) => {
      const features = encode(rows)
      return tf.concat<tf.Tensor2D>(
        [classifier(features), ...(discriminate ? [discriminate(features)] : [])],
        1,
      )
    }, table)
    const logits = tf.slice(said, [0, 0], [-1, pairing.length])
    return {
      trueLabels,
      predictions: classesIn(logits, classifier.id),
      probabilities: probabilitiesIn(logits),
      verdicts: discriminate && probabilityOfSource(tf.slice(said, [0, pairing.length], [-1, -1])),
      shown,
      sample: inPasses(encode, rowsOf(table, shown)),
    }
  }

  /** By what judges the target. */
  function judged(seen: tf.Tensor4D): Int32Array {
    const { encoder, classifier } = judges.target
    return freeing(() => predictionsOf(classifier, featuresOf(encoder, seen)))
  }

  function measure(ofSource: Reading, ofTarget: Reading): Measures {
    const itself = pairing.map((_, index) => index)
    return {
      source: accuraciesOf(ofSource.trueLabels, ofSource.predictions, itself),
      sourceJudge: judges.source.encoder === networks.MS ? 'MS' : 'MT',
      target: accuraciesOf(
        pick(ofTarget.trueLabels, withoutLabels),
        pick(ofTarget.predictions, withoutLabels),
        pairing,
      ),
      unseenTarget:
        unseenTarget && accuraciesOf(unseenTarget.trueLabels, judged(unseenTarget.images), pairing),
      ...judgementOf(ofSource.verdicts, ofTarget.verdicts),
      proxyADistance: proxyADistance(ofSource.sample, ofTarget.sample),
      mmd: mmd(ofSource.sample, ofTarget.sample, bandwidth),
      labelFree: measureWithoutLabels(ofSource, ofTarget),
    }
  }

  /** None of the target's labels is used; those of the source are known to everyone. */
  function measureWithoutLabels(ofSource: Reading, ofTarget: Reading): LabelFree {
    const views = view(rowsOf(target.images, targetShown), maps, backgroundOf(model))
    return labelFreeOf({
      target: ofTarget.probabilities,
      sample: probabilitiesIn(inPasses(judges.target.classifier, ofTarget.sample)),
      predictions: pick(ofTarget.predictions, targetShown),
      predictionsOfViews: judged(views),
      verdicts: ofSource.verdicts &&
        ofTarget.verdicts && { source: ofSource.verdicts, target: ofTarget.verdicts },
      sourcePredictions: judged(rowsOf(source.images, sourceShown)),
      sourceLabels: pick(ofSource.trueLabels, sourceShown),
    })
  }

  function draw(round: number, ofSource: Reading, ofTarget: Reading): RoundView {
    const inAxes = { source: axes.project(ofSource.sample), target: axes.project(ofTarget.sample) }
    return {
      round,
      sourcePoints: base64(inPlane(inAxes.source, axes.dimensions)),
      targetPoints: base64(inPlane(inAxes.target, axes.dimensions)),
      features: {
        dimensions: axes.dimensions,
        source: base64(inAxes.source),
        target: base64(inAxes.target),
      },
      sourceLabels: Array.from(pick(ofSource.trueLabels, ofSource.shown)),
      targetLabels: Array.from(pick(ofTarget.trueLabels, ofTarget.shown)),
      sourcePredictions: Array.from(pick(ofSource.predictions, ofSource.shown)),
      targetPredictions: Array.from(pick(ofTarget.predictions, ofTarget.shown)),
      sourceVerdicts: ofSource.verdicts && base64(pick(ofSource.verdicts, ofSource.shown)),
      targetVerdicts: ofTarget.verdicts && base64(pick(ofTarget.verdicts, ofTarget.shown)),
    }
  }

  return {
    observe: (round) =>
      freeing(() => {
        const ofSource =
          sourceFeatures === null
            ? read(source, judges.source, judges.source.encoder, source.images, sourceShown)
            : read(source, judges.source, (features) => features, sourceFeatures, sourceShown)
        const ofTarget = read(target, judges.target, judges.target.encoder, target.images, targetShown)
        return { measures: measure(ofSource, ofTarget), view: draw(round, ofSource, ofTarget) }
      }),
    dispose() {
      axes.dispose()
      maps.dispose()
    },
  }
}

function probabilitiesIn(logits: tf.Tensor2D): Probabilities {
  return { values: freeing(() => tf.softmax(logits).dataSync<'float32'>()), classes: logits.shape[1] }
}

function probabilityOfSource(logits: tf.Tensor2D): Float32Array {
  return freeing(() => tf.slice(tf.softmax(logits), [0, sourceLabel], [-1, 1]).dataSync<'float32'>())
}

/** The rows (images, features) with these indices. */
function rowsOf<T extends tf.Tensor>(table: T, indices: Int32Array): T {
  return tf.tidy(() => tf.gather(table, tf.tensor1d(indices, 'int32')))
}

function pick<Column extends Int32Array | Float32Array>(column: Column, indices: Int32Array): Column {
  const picked = column.slice(0, indices.length) as Column
  indices.forEach((index, place) => (picked[place] = column[index] ?? NaN))
  return picked
}

/** The first two columns of rows of `dimensions`: what is drawn. */
function inPlane(rows: Float32Array, dimensions: number): Float32Array {
  return rows.filter((_, index) => index % dimensions < 2)
}

/** The bytes of an array as text, little endian. */
function base64({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64')
}
