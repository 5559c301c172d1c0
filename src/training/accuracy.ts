/** Classification accuracy, under the chosen pairing of classes and under the pairing that fits best. */
import munkres from 'munkres-js'
import type { Accuracies } from '../contract/record'

/** `[row][column]`: number of images. Row: true class, in the domain's order. Column: predicted source class. */
export function confusionOf(labels: Int32Array, predictions: Int32Array, classes: number): number[][] {
  const rows = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  labels.forEach((label, index) => {
    const row = rows[label]
    const prediction = predictions[index]
    if (row !== undefined && prediction !== undefined) row[prediction] = (row[prediction] ?? 0) + 1
  })
  return rows
}

/** `pairing[i]` is the source class that counts as right for class `i` of the domain. */
function hits(confusion: readonly number[][], pairing: readonly number[]): number[] {
  return confusion.map((row, label) => row[pairing[label] ?? -1] ?? 0)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/**
 * The pairing with the highest accuracy: an assignment problem (Kuhn 1955). It uses the true labels, so it measures
 * how well the classes are separated, not whether the right ones were found. Returns `chosen` if no pairing is
 * better.
 */
export function bestPairing(confusion: readonly number[][], chosen: readonly number[]): number[] {
  const most = Math.max(...confusion.flat())
  const best = munkres(confusion.map((row) => row.map((count) => most - count))).map(([, column]) => column)
  return sum(hits(confusion, best)) > sum(hits(confusion, chosen)) ? best : [...chosen]
}

/** `labels` index the domain's classes, `predictions` the source's; both `[count]`. */
export function accuraciesOf(
  labels: Int32Array,
  predictions: Int32Array,
  pairing: readonly number[],
): Accuracies {
  const count = labels.length
  const confusion = confusionOf(labels, predictions, pairing.length)
  const right = hits(confusion, pairing)
  const best = bestPairing(confusion, pairing)
  return {
    accuracy: sum(right) / count,
    accuracyBestPairing: sum(hits(confusion, best)) / count,
    bestPairing: best,
    perClass: confusion.map((row, label) => (right[label] ?? 0) / Math.max(1, sum(row))),
    confusion,
    count,
  }
}
