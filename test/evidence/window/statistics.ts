/** Statistics of repeated measurements. */

/** The percentile by the nearest-rank method. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN
}

export const round1 = (value: number): number => Math.round(value * 10) / 10

export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
  readonly count: number
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? NaN, sorted[Math.floor(middle)] ?? NaN]
  return {
    median: round1((low + high) / 2),
    least: round1(sorted[0] ?? NaN),
    most: round1(sorted[sorted.length - 1] ?? NaN),
    count: sorted.length,
  }
}
