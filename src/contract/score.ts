/** Scores of a round that use no target labels, by which a round can be chosen. */
import { labelFreeScores, type Measures } from './record'

export const scores = ['estimate', ...labelFreeScores] as const
export type Score = (typeof scores)[number]

/**
 * The score by which a round is chosen unless another is given: the one that chose best on the pairs by which settings
 * may be chosen (docs/judging.md).
 */
export const usualScore: Score = 'mutualInformation'

type Scored = Partial<Pick<Measures, 'estimate' | 'labelFree'>>

/** Null if the round lacks the score. */
export function scoreOf({ estimate, labelFree }: Scored, score: Score): number | null {
  return (score === 'estimate' ? estimate?.accuracy : labelFree?.[score]) ?? null
}

export const isLargerBetter = (score: Score): boolean => score !== 'entropy'

/**
 * The round with the best score, the first of equal ones; null if no round has the score.
 * @param values the score by round
 */
export function bestRoundBy(
  score: Score,
  values: Iterable<readonly [round: number, value: number | null]>,
): number | null {
  let best: { readonly round: number; readonly merit: number } | null = null
  for (const [round, value] of values) {
    if (value === null) continue
    const merit = isLargerBetter(score) ? value : -value
    if (best === null || merit > best.merit || (merit === best.merit && round < best.round))
      best = { round, merit }
  }
  return best?.round ?? null
}
