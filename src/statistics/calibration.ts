/**
 * Calibration of probabilities: the temperature that fits confidence to accuracy, and the error before and after it
 * (Guo et al. 2017, "On Calibration of Modern Neural Networks", sections 2 and 4.2).
 */

export interface LabelledLogits {
  /** `[count, classes]`, row after row. */
  readonly logits: Float32Array
  readonly classes: number
  /** `[count]`, each an index into the classes. */
  readonly labels: Int32Array
}

/** Softmax of each row of `logits / temperature`: `[count, classes]`, row after row. */
export function probabilitiesAt(logits: Float32Array, classes: number, temperature: number): Float32Array {
  const probabilities = new Float32Array(logits.length)
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes)
    const greatest = largest(row)
    let sum = 0
    row.forEach((logit) => (sum += Math.exp((logit - greatest) / temperature)))
    row.forEach((logit, k) => (probabilities[start + k] = Math.exp((logit - greatest) / temperature) / sum))
  }
  return probabilities
}

/** The largest value of each row: `[count]`. */
export function confidencesIn(probabilities: Float32Array, classes: number): Float32Array {
  return Float32Array.from({ length: probabilities.length / classes }, (_, row) =>
    largest(probabilities.subarray(row * classes, (row + 1) * classes)),
  )
}

const largest = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, value), -Infinity)

/** Limits of the temperature. */
const leastTemperature = 0.1
const mostTemperature = 100

/** Halvings of the interval of ln(temperature), which has a length of 7: the rest is below 1e-11. */
const halvings = 40

/**
 * The temperature in [0.1, 100] with the smallest negative log-likelihood of the labels. The likelihood is concave in
 * b = 1 / temperature, so its slope in b has at most one zero, which bisection finds.
 *
 * The temperature stays 1 where the samples determine none: without samples, where every temperature is as likely (one
 * class, or equal logits), and if every sample is classified correctly. The likelihood then rises without end as the
 * temperature falls to 0, which would call all predictions on other samples certain.
 */
export function temperatureOf(samples: LabelledLogits): number {
  const { logits, classes, labels } = samples
  if (slopeAt(samples, 1) === 0 || rightsIn(logits, classes, labels).every(Boolean)) return 1
  let [low, high] = [Math.log(leastTemperature), Math.log(mostTemperature)]
  for (let halving = 0; halving < halvings; halving++) {
    const middle = (low + high) / 2
    // A positive slope in b: a larger b, a lower temperature, is likelier.
    if (slopeAt(samples, Math.exp(-middle)) > 0) high = middle
    else low = middle
  }
  return Math.exp((low + high) / 2)
}

/** The derivative of the log-likelihood in b at b: the sum of each label's logit minus the expected logit. */
function slopeAt({ logits, classes, labels }: LabelledLogits, b: number): number {
  let slope = 0
  labels.forEach((label, sample) => {
    const row = logits.subarray(sample * classes, (sample + 1) * classes)
    const greatest = largest(row)
    let [sum, weighted] = [0, 0]
    row.forEach((logit) => {
      const e = Math.exp(b * (logit - greatest))
      sum += e
      weighted += e * logit
    })
    slope += (row[label] ?? NaN) - weighted / sum
  })
  return slope
}

/** Bins of equal width over [0, 1]. */
const bins = 15

/**
 * Expected calibration error (Naeini et al. 2015; Guo et al. 2017, equation 3): samples are sorted into 15 bins by
 * confidence, each open on its left; the error is the mean over the samples of the difference between accuracy and mean
 * confidence of their bin, in [0, 1]. Null without samples.
 * @param rights `[count]`: whether each sample is classified correctly
 */
export function calibrationError(confidences: Float32Array, rights: readonly boolean[]): number | null {
  if (rights.length === 0) return null
  /** By bin: the sum of confidence minus correctness. */
  const surplus = new Float64Array(bins)
  rights.forEach((right, sample) => {
    const confidence = confidences[sample] ?? NaN
    const bin = Math.min(bins, Math.max(1, Math.ceil(confidence * bins))) - 1
    surplus[bin] = (surplus[bin] ?? 0) + confidence - Number(right)
  })
  return surplus.reduce((sum, difference) => sum + Math.abs(difference), 0) / rights.length
}

/** The expected calibration error of labelled logits at a temperature; null without samples. */
export function calibrationErrorAt(
  { logits, classes, labels }: LabelledLogits,
  temperature: number,
): number | null {
  const confidences = confidencesIn(probabilitiesAt(logits, classes, temperature), classes)
  return calibrationError(confidences, rightsIn(logits, classes, labels))
}

/** Whether the largest of each row of `values`, logits or probabilities `[count, classes]`, is at the row's label. */
export function rightsIn(values: Float32Array, classes: number, labels: Int32Array): boolean[] {
  return Array.from(labels, (label, sample) => {
    const row = values.subarray(sample * classes, (sample + 1) * classes)
    return row.indexOf(largest(row)) === label
  })
}
