/** Maps numbers to opacities, from the smallest to the largest of a table. */

export interface HeatField {
  /** Null if the cell has data but no single number. */
  readonly value: number | null
  readonly text: string
  readonly note: string
  readonly title: string
}

/** Text keeps its contrast over these opacities in both themes. */
const lightest = 0.06
const darkest = 0.5

const opacityAt = (share: number): number => lightest + share * (darkest - lightest)

export function scaled(values: readonly number[]) {
  const range = values.length === 0 ? null : ([Math.min(...values), Math.max(...values)] as const)
  return {
    range,
    opacityAt,
    /** The middle of the scale if all values are equal. */
    opacityOf(value: number): number {
      if (range === null || range[0] === range[1]) return opacityAt(0.5)
      return opacityAt((value - range[0]) / (range[1] - range[0]))
    },
  }
}
