/**
 * Estimates the accuracy of networks on a target without labels, from their probabilities there and on labelled samples
 * of the source. docs/judging.md says why it is estimated in this way; docs/estimates.md compares others.
 */
import { mean, quantile } from 'simple-statistics'
import type { Estimate } from '../contract/estimate'
import { calibrationErrorAt, confidencesIn, probabilitiesAt, rightsIn, temperatureOf } from './calibration'

/** The output of the networks that are applied to a domain, on samples of it. */
interface Output {
  /** Probabilities `[count, classes]`, row after row. */
  readonly values: Float32Array
  readonly classes: number
  /** By sample: the distance of its features to the nearest class mean of the source; of the first samples only. */
  readonly distances: Float32Array
}

export interface Seen {
  readonly source: Output & { readonly labels: Int32Array }
  readonly target: Output
  /** Share of the target's samples that get the same class under a random view; null without views. */
  readonly agreement: number | null
}

/** Logits up to a constant in each row; a probability that was rounded to 0 counts as the smallest normal float32. */
const logitsOf = ({ values }: Output) => values.map((p) => Math.log(Math.max(p, 1.2e-38)))

/** Mean confidence at a temperature. */
const confidenceAt = (output: Output, temperature: number) =>
  mean([...confidencesIn(probabilitiesAt(logitsOf(output), output.classes, temperature), output.classes)])

export function estimateOf({ source, target, agreement }: Seen): Omit<Estimate, 'on' | 'count'> {
  const labelled = { logits: logitsOf(source), classes: source.classes, labels: source.labels }
  const temperature = temperatureOf(labelled)
  return {
    accuracy: differenceOfConfidences(source, target) * (agreement ?? 1),
    confidence: confidenceAt(target, 1),
    temperature,
    calibrationErrorBefore: calibrationErrorAt(labelled, 1) ?? 0,
    calibrationErrorAfter: calibrationErrorAt(labelled, temperature) ?? 0,
    outlying: outlyingShare(source, target),
  }
}

/**
 * Difference of confidences (Guillory et al. 2021): the accuracy on the source samples, less what confidence loses from
 * the source to the target. In [0, 1]. Adaptation makes predictions certain, right or wrong, so this alone is too high:
 * `estimateOf` multiplies it by the share of samples that keep their class under a view.
 */
function differenceOfConfidences(source: Output & { readonly labels: Int32Array }, target: Output): number {
  const right = rightsIn(source.values, source.classes, source.labels).filter(Boolean).length
  const lost = confidenceAt(source, 1) - confidenceAt(target, 1)
  return Math.min(1, Math.max(0, right / source.labels.length - lost))
}

/** Share of the source samples that are beyond each limit. */
const tail = 0.05

/**
 * The share of target samples that are less certain than all but 5 % of the source samples, and further from every class
 * mean than all but 5 % of them. Low confidence alone also comes from samples between two classes, and distance alone
 * from a shift of all features (after Hendrycks, Gimpel 2017 for confidence; Lee et al. 2018 for distance).
 */
export function outlyingShare(source: Output, target: Output): number {
  const certain = confidencesIn(source.values, source.classes)
  const leastCertain = quantile([...certain.subarray(0, source.distances.length)], tail)
  const furthest = quantile([...source.distances], 1 - tail)
  const confidences = confidencesIn(target.values, target.classes)
  const outlying = target.distances.filter(
    (distance, sample) => distance > furthest && (confidences[sample] ?? 1) < leastCertain,
  )
  return outlying.length / target.distances.length
}
