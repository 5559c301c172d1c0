/** The errors of a classifier, counted by pair of classes. */
export interface Confusion {
  /** Row: the true class. */
  readonly from: number
  /** Column: the predicted class. */
  readonly to: number
  readonly count: number
  /** Share of the images of class `from`. */
  readonly share: number
}

/** Wrong predictions, the most frequent first. `matches[row]`: the column that counts as correct. */
export function largestConfusions(
  counts: readonly (readonly number[])[],
  matches: readonly number[],
): Confusion[] {
  const wrong = counts.flatMap((row, from) => {
    const sum = row.reduce((a, b) => a + b, 0)
    return row.flatMap((count, to) =>
      count === 0 || matches[from] === to ? [] : [{ from, to, count, share: count / sum }],
    )
  })
  return wrong.sort((a, b) => b.count - a.count || b.share - a.share || a.from - b.from || a.to - b.to)
}
