/**
 * Normalises the features of vectors, `[count, length]`, row after row, before networks see them.
 *
 *   l2        x sqrt(length) / ||x||        each sample by itself; a squared value is 1 on average
 *   z-score   (x - mean) / deviation        each column, with the statistics of one domain
 *
 * The statistics of a z-score are those of the samples that training sees, one set for each domain. Held-out samples of
 * the target are normalised by the target's: a statistic of the held-out samples would let each of them see the others.
 */
import type { ModelOptions } from '../contract/experiment'

/** Normalises samples of one domain; the input is left unchanged. */
export type Normaliser = (values: Float32Array) => Float32Array

/**
 * A normaliser for the domain of `seen`, the samples that training sees; it also serves the domain's held-out samples.
 */
export function normaliserOf(kind: ModelOptions['vectors'], seen: Float32Array, length: number): Normaliser {
  switch (kind) {
    case 'none':
      return (values) => values
    case 'l2':
      return (values) => scaledRows(values, length)
    case 'z-score': {
      const statistics = columnStatistics(seen, length)
      return (values) => standardised(values, statistics)
    }
  }
}

/** Rows scaled to the Euclidean norm sqrt(length); a row of zeros stays so. */
export function scaledRows(values: Float32Array, length: number): Float32Array {
  const scaled = new Float32Array(values.length)
  for (let start = 0; start < values.length; start += length) {
    let squares = 0
    for (let column = 0; column < length; column++) squares += (values[start + column] ?? 0) ** 2
    const factor = squares === 0 ? 0 : Math.sqrt(length / squares)
    for (let column = 0; column < length; column++)
      scaled[start + column] = factor * (values[start + column] ?? 0)
  }
  return scaled
}

/** Mean and standard deviation of each column. */
export interface ColumnStatistics {
  readonly means: Float64Array
  /** Of the population, divided by the number of rows; 1 for a constant column, which becomes 0. */
  readonly deviations: Float64Array
}

export function columnStatistics(values: Float32Array, length: number): ColumnStatistics {
  const rows = values.length / length
  const sumsOf = (termOf: (value: number, column: number) => number) => {
    const sums = new Float64Array(length)
    for (let index = 0; index < values.length; index++) {
      const column = index % length
      sums[column] = (sums[column] ?? 0) + termOf(values[index] ?? 0, column)
    }
    return sums
  }
  const means = sumsOf((value) => value).map((sum) => sum / rows)
  // A second pass, because a difference of mean squares cancels when the mean is large.
  const squares = sumsOf((value, column) => (value - (means[column] ?? 0)) ** 2)
  const deviations = squares.map((sum, column) => {
    const deviation = Math.sqrt(sum / rows)
    const isConstant = deviation <= Math.abs(means[column] ?? 0) * 1e-7
    return isConstant ? 1 : deviation
  })
  return { means, deviations }
}

export function standardised(values: Float32Array, { means, deviations }: ColumnStatistics): Float32Array {
  const length = means.length
  return values.map((value, index) => {
    const column = index % length
    return (value - (means[column] ?? 0)) / (deviations[column] ?? 1)
  })
}
