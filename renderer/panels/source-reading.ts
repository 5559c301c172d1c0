/**
 * Source accuracy by round, through each encoder it was measured with. MS is frozen, so its accuracy before
 * adaptation, in round 0, holds for every round; MT has one in the rounds in which it judges the source.
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
