/** Whether one quantity ranks items in the same order as another. */
import { sampleCorrelation } from 'simple-statistics'

/** Ranks from 1; equal values share their mean rank. */
export function ranksOf(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const ranks = new Array<number>(values.length).fill(0)
  for (let start = 0; start < order.length;) {
    let end = start + 1
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end++
    for (const index of order.slice(start, end)) ranks[index] = (start + end + 1) / 2
    start = end
  }
  return ranks
}

/** Spearman's rank correlation (1904), in [-1, 1]; null if a list is shorter than 2 or all its values are equal. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number | null {
  if (a.length < 2 || new Set(a).size === 1 || new Set(b).size === 1) return null
  return sampleCorrelation(ranksOf(a), ranksOf(b))
}
