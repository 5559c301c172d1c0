/** Figures of all rounds as a table, one row a round. */
import { figureOf, type FigureName, type RoundFigures } from '../stores/round-figures'

type Reading = (round: RoundFigures) => number | null
type Column = readonly [string, FigureName | Reading]

/** @param columns each a heading and the figure that stands under it */
export function figureTable(
  roundHeading: string,
  columns: readonly Column[],
  rounds: readonly RoundFigures[],
) {
  return {
    columns: [roundHeading, ...columns.map(([heading]) => heading)],
    rows: rounds.map((one) => [
      one.round,
      ...columns.map(([, read]) => (typeof read === 'string' ? figureOf(one, read) : read(one))),
    ]),
  }
}
