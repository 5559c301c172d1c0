/**
 * The source's accuracy by round, through each encoder that it was read with. MS is frozen, so that what it said before
 * adaptation, in round 0, holds for every round; MT speaks where it judges the source.
 */
import { sourceJudgeOf, type SourceJudge } from '../../src/contract/source-judge'
import { figureOf, type RoundFigures } from '../stores/round-figures'

export type SourceReadings = Readonly<Record<SourceJudge, (round: RoundFigures) => number | null>>

export function sourceReadings(before: RoundFigures | null, method: string): SourceReadings {
  const judged = (round: RoundFigures) => figureOf(round, 'sourceAccuracy')
  const byMT = (round: RoundFigures) => sourceJudgeOf(round, method) === 'MT'
  return {
    MS: (round) => (byMT(round) ? before && judged(before) : judged(round)),
    MT: (round) => (byMT(round) ? judged(round) : null),
  }
}
