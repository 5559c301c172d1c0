/** Table of figures with one row a round. */
import { figureOf, type FigureName, type RoundFigures } from '../stores/round-figures'

type Reading = (round: RoundFigures) => number | null
type Column = readonly [string, FigureName | Reading]

/** @param columns a heading each, with the figure shown under it */
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
