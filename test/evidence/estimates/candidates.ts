/**
 * Estimates of a target accuracy from labelled source samples and unlabelled target samples, both classified by the
 * networks that are applied to each. All are in [0, 1].
 */
import * as tf from '@tensorflow/tfjs-core'
import { mean, quantileSorted } from 'simple-statistics'
import {
  calibrationErrorAt,
  confidencesIn,
  probabilitiesAt,
  temperatureOf,
} from '../../../src/statistics/calibration'

/** The networks' output on the samples of one domain. */
export interface Seen {
  /** `[count, classes]`. */
  readonly logits: Float32Array
  /** `[count, length]`. */
  readonly features: tf.Tensor2D
}

export interface Evidence {
  readonly source: Seen & { readonly labels: Int32Array }
  readonly target: Seen
  readonly classes: number
  /** The share of target samples that keep their class under a random view; null without views. */
  readonly agreement: number | null
}

const clamped = (value: number) => Math.min(1, Math.max(0, value))

export function candidatesFor({ source, target, classes, agreement }: Evidence) {
  const labelled = { logits: source.logits, classes, labels: source.labels }
  const temperature = temperatureOf(labelled)
  const confidences = ({ logits }: Seen, at: number) =>
    confidencesIn(probabilitiesAt(logits, classes, at), classes)
  const plain = { source: confidences(source, 1), target: confidences(target, 1) }
  const calibrated = { source: confidences(source, temperature), target: confidences(target, temperature) }
  const rights = rightsOf(labelled)
  const accuracy = mean(rights)
  const of = (values: Float32Array) => mean(Array.from(values))
  const single = {
    confidence: of(plain.target),
    calibrated: of(calibrated.target),
    thresholded: thresholded(plain, accuracy),
    difference: clamped(accuracy - of(plain.source) + of(plain.target)),
    weighted: weighted(source.features, target.features, rights),
    agreement: agreement ?? NaN,
  }
  return {
    sourceAccuracy: accuracy,
    temperature,
    calibrationErrorBefore: calibrationErrorAt(labelled, 1) ?? NaN,
    calibrationErrorAfter: calibrationErrorAt(labelled, temperature) ?? NaN,
    estimates: {
      ...single,
      confidenceTimesAgreement: single.confidence * single.agreement,
      calibratedTimesAgreement: single.calibrated * single.agreement,
      thresholdedTimesAgreement: single.thresholded * single.agreement,
      differenceTimesAgreement: single.difference * single.agreement,
      leastOfCalibratedAndAgreement: Math.min(single.calibrated, single.agreement),
    },
  }
}

function rightsOf({
  logits,
  classes,
  labels,
}: {
  logits: Float32Array
  classes: number
  labels: Int32Array
}): number[] {
  return Array.from(labels, (label, sample) => {
    const row = logits.subarray(sample * classes, (sample + 1) * classes)
    return Number(row.indexOf(Math.max(...row)) === label)
  })
}

/**
 * Average thresholded confidence (Garg et al. 2022): the share of target samples above the threshold that as many source
 * samples exceed as are right.
 */
function thresholded(
  { source, target }: Record<'source' | 'target', Float32Array>,
  accuracy: number,
): number {
  const sorted = Array.from(source).sort((a, b) => a - b)
  const threshold = quantileSorted(sorted, 1 - accuracy)
  return target.filter((confidence) => confidence >= threshold).length / target.length
}

const updates = 200

/**
 * Importance-weighted accuracy of the source samples (Sugiyama et al. 2007). The weights are the odds of a logistic
 * regression that tells the domains apart by features, with the same number of samples of both.
 */
function weighted(source: tf.Tensor2D, target: tf.Tensor2D, rights: readonly number[]): number {
  return tf.tidy(() => {
    const count = Math.min(source.shape[0], target.shape[0])
    const some = tf.slice(target, [0, 0], [count, -1])
    const both = tf.concat([source, some])
    const { mean: centre, variance } = tf.moments(both, 0)
    const x = tf.div<tf.Tensor2D>(tf.sub(both, centre), tf.sqrt(tf.add(variance, 1e-6)))
    const isTarget = tf.concat([tf.zeros([source.shape[0], 1]), tf.ones([count, 1])])
    let weights = tf.zeros<tf.Rank.R2>([x.shape[1], 1])
    // Gradient descent with a ridge, which keeps the odds finite where the domains can be told apart.
    for (let update = 0; update < updates; update++) {
      weights = tf.tidy(() => {
        const surplus = tf.sub<tf.Tensor2D>(tf.sigmoid(tf.matMul(x, weights)), isTarget)
        const gradient = tf.add(tf.div(tf.matMul(x, surplus, true), x.shape[0]), tf.mul(weights, 0.01))
        return tf.sub<tf.Tensor2D>(weights, tf.mul(gradient, 0.1))
      })
    }
    const scores = tf.matMul(tf.slice(x, [0, 0], [source.shape[0], -1]), weights).dataSync()
    const odds = Array.from(scores, (score) => Math.exp(Math.min(20, score)))
    const total = odds.reduce((sum, value) => sum + value, 0)
    return clamped(odds.reduce((sum, value, i) => sum + value * (rights[i] ?? 0), 0) / total)
  })
}
