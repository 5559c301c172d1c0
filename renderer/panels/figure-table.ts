/** Figures of all rounds as a table, one row a round. */
import { figureOf, type FigureName, type RoundFigures } from '../stores/round-figures'

/** @param columns each a heading and the figure that stands under it */
export function figureTable(
  roundHeading: string,
  columns: readonly (readonly [string, FigureName])[],
  rounds: readonly RoundFigures[],
) {
  return {
    columns: [roundHeading, ...columns.map(([heading]) => heading)],
    rows: rounds.map((one) => [one.round, ...columns.map(([, name]) => figureOf(one, name))]),
  }
}
