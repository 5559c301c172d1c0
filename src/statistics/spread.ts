/** Summarises several values of one quantity, such as one per seed. */
import { mean, sampleStandardDeviation } from 'simple-statistics'

export interface Spread {
  readonly mean: number
  /** Of the sample (n - 1); null for a single value. */
  readonly deviation: number | null
  readonly least: number
  readonly most: number
}

/** Mean, deviation and extremes of the values that are not null; null if there are none. */
export function spreadOf(values: readonly (number | null)[]): Spread | null {
  const known = values.filter((value): value is number => value !== null)
  if (known.length === 0) return null
  return {
    mean: mean(known),
    deviation: known.length === 1 ? null : sampleStandardDeviation(known),
    least: Math.min(...known),
    most: Math.max(...known),
  }
}
