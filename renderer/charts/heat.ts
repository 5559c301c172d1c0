/** How dark a number is drawn, between the least and the most of all that are drawn with it. */

export interface HeatField {
  /** Null: there is something, but no one number for it. */
  readonly value: number | null
  readonly text: string
  readonly note: string
  readonly title: string
}

/** Over these, words in the text's colour keep their contrast in both themes. */
const lightest = 0.06
const darkest = 0.5

const opacityAt = (share: number): number => lightest + share * (darkest - lightest)

export function scaled(values: readonly number[]) {
  const range = values.length === 0 ? null : ([Math.min(...values), Math.max(...values)] as const)
  return {
    range,
    opacityAt,
    /** Where all are equal, in the middle. */
    opacityOf(value: number): number {
      if (range === null || range[0] === range[1]) return opacityAt(0.5)
      return opacityAt((value - range[0]) / (range[1] - range[0]))
    },
  }
}
