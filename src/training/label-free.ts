/**
 * What predictions on the target say of themselves: scores that use none of its labels. Probabilities are
 * `[count, classes]`, row after row; ln is the natural logarithm, so entropies are in nats.
 *
 *   entropy              mean H(p)                how unsure the predictions are, one by one; 0 to ln K
 *   diversity            H(mean p)                how evenly the classes are used; 0 to ln K
 *   mutual information   H(mean p) - mean H(p)    sure and even at once (Bridle et al. 1991; Krause et al. 2010,
 *                                                 eq. 3); 0 to ln K
 *   agreement            share of images that are given the same class under a random view; 0 to 1; null without views
 *   D's confusion        mean H(D(f)), both domains alike; 0 (D is sure, right or wrong) to ln 2
 *   source kept          accuracy of C(MT(x)) on source images, whose labels are known; 0 to 1
 *   density              soft neighbourhood density (Saito et al. 2021, section 3); 0 to ln(n - 1)
 */
import type { LabelFree } from '../contract/record'

/** Predictions of one set of images. */
export interface Probabilities {
  readonly values: Float32Array
  readonly classes: number
}

/** The temperature of Saito et al. 2021. */
const temperature = 0.05

/** x ln x, with its limit 0 at 0. */
const xLogX = (x: number) => (x > 0 ? x * Math.log(x) : 0)

const rowsOf = ({ values, classes }: Probabilities) => values.length / classes

export function meanEntropy(probabilities: Probabilities): number {
  return -probabilities.values.reduce((sum, p) => sum + xLogX(p), 0) / rowsOf(probabilities)
}

export function diversity(probabilities: Probabilities): number {
  const { values, classes } = probabilities
  const sums = new Float64Array(classes)
  values.forEach((p, index) => (sums[index % classes] = (sums[index % classes] ?? 0) + p))
  return -sums.reduce((sum, total) => sum + xLogX(total / rowsOf(probabilities)), 0)
}

/** The share of positions at which two lists of classes agree. */
export function agreement(a: Int32Array, b: Int32Array): number {
  return a.filter((label, index) => label === b[index]).length / a.length
}

/** Mean entropy of D, from its p(source) on each domain; the domains count alike. */
export function discriminatorConfusion(onSource: Float32Array, onTarget: Float32Array): number {
  const mean = (all: Float32Array) => -all.reduce((sum, p) => sum + xLogX(p) + xLogX(1 - p), 0) / all.length
  return (mean(onSource) + mean(onTarget)) / 2
}

/**
 * Mean entropy of softmax(cos(p_i, p_j) / 0.05) over the other images j. Large where each image has many equally
 * close neighbours: dense clusters. A collapse to one class is the densest of all, so it is read beside diversity.
 */
export function softNeighbourhoodDensity(probabilities: Probabilities): number {
  const { classes } = probabilities
  const count = rowsOf(probabilities)
  const units = unitRows(probabilities)
  let total = 0
  for (let i = 0; i < count; i++) {
    // exp(x - 1 / T) cannot overflow, as cosines are 1 at most; H = ln sum - sum(e x) / sum.
    let sum = 0
    let weighted = 0
    for (let j = 0; j < count; j++) {
      if (j === i) continue
      let cosine = 0
      for (let k = 0; k < classes; k++)
        cosine += (units[i * classes + k] ?? 0) * (units[j * classes + k] ?? 0)
      const exponent = (cosine - 1) / temperature
      const e = Math.exp(exponent)
      sum += e
      weighted += e * exponent
    }
    total += Math.log(sum) - weighted / sum
  }
  return total / count
}

/** Rows scaled to length 1. */
function unitRows({ values, classes }: Probabilities): Float64Array {
  const units = Float64Array.from(values)
  for (let start = 0; start < units.length; start += classes) {
    const row = units.subarray(start, start + classes)
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
    row.forEach((value, k) => (row[k] = value / length))
  }
  return units
}

export interface SeenWithoutLabels {
  /** Predictions for all target images. */
  readonly target: Probabilities
  /** Predictions for the fixed target sample. */
  readonly sample: Probabilities
  /** Predicted classes of the sample, and of one view of each of its images; null if samples have no views. */
  readonly predictions: Int32Array
  readonly predictionsOfViews: Int32Array | null
  /** D's p(source) by domain; null without a D. */
  readonly verdicts: { readonly source: Float32Array; readonly target: Float32Array } | null
  /** C(MT(x)) for a fixed sample of the source, and that sample's labels. */
  readonly sourcePredictions: Int32Array
  readonly sourceLabels: Int32Array
}

export function labelFreeOf(seen: SeenWithoutLabels): LabelFree {
  const { target, sample, verdicts } = seen
  const entropy = meanEntropy(target)
  const evenness = diversity(target)
  return {
    entropy,
    diversity: evenness,
    mutualInformation: evenness - entropy,
    agreement: seen.predictionsOfViews && agreement(seen.predictions, seen.predictionsOfViews),
    discriminatorConfusion: verdicts && discriminatorConfusion(verdicts.source, verdicts.target),
    sourceKept: agreement(seen.sourceLabels, seen.sourcePredictions),
    density: softNeighbourhoodDensity(sample),
  }
}
