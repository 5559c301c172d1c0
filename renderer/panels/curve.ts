/** One figure by round, as a line of a chart. */
import { pointsOf, type Series } from '../charts/series'
import { figureOf, type FigureName, type RoundFigures } from '../stores/round-figures'

/** @param most the value that the figure is drawn as a share of */
export function curveOf(
  rounds: readonly RoundFigures[],
  name: FigureName,
  dress: Omit<Series, 'points'>,
  most = 1,
): Series {
  return {
    ...dress,
    points: pointsOf(rounds, (one) => {
      const y = figureOf(one, name)
      return y === null ? null : { x: one.round, y: y / most }
    }),
  }
}
