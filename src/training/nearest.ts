/** Finds the rows of a table of features that are nearest to one row. */

export interface Neighbour {
  readonly row: number
  /** Euclidean. */
  readonly distance: number
}

/**
 * @param table `[rows, length]`
 * @param features `[length]`
 * @returns at most `count` rows, nearest first; of equally near ones, the earlier first
 */
export function nearestRows(table: Float32Array, features: Float32Array, count: number): Neighbour[] {
  const { length } = features
  const rows = Array.from({ length: table.length / length }, (_, row) => {
    let sum = 0
    for (let i = 0; i < length; i++) {
      sum += ((table[row * length + i] as number) - (features[i] as number)) ** 2
    }
    return { row, distance: Math.sqrt(sum) }
  })
  return rows.sort((one, other) => one.distance - other.distance || one.row - other.row).slice(0, count)
}
