/**
 * How well label-free scores would choose among checkpoints (Musgrave et al. 2022): compares each score with the true
 * accuracy over the given checkpoints. In experiments the accuracy is known; in practice only the scores are.
 */
import type { Validation } from '../contract/judging'
import { labelFreeScores, type LabelFree } from '../contract/record'
import { isLargerBetter } from '../contract/score'
import { rankCorrelation } from './rank'

export interface Judged {
  readonly accuracy: number
  readonly labelFree: LabelFree
}

export type Validator = Validation['validators'][number]

/** One entry for each score that all checkpoints have, in the usual order; empty without checkpoints. */
export function validatorsOf(checkpoints: readonly Judged[]): Validator[] {
  if (checkpoints.length === 0) return []
  return labelFreeScores.flatMap((score) => {
    const values = checkpoints.map(({ labelFree }) => labelFree[score])
    const known = values.filter((value): value is number => value !== null)
    return known.length === values.length ? [validatorOf(score, known, checkpoints)] : []
  })
}

function validatorOf(
  score: keyof LabelFree,
  values: readonly number[],
  checkpoints: readonly Judged[],
): Validator {
  const better = isLargerBetter(score) ? 'larger' : 'smaller'
  const merits = better === 'larger' ? values : values.map((value) => -value)
  const accuracies = checkpoints.map(({ accuracy }) => accuracy)
  const chosen = merits.indexOf(Math.max(...merits))
  return {
    score,
    better,
    correlation: rankCorrelation(merits, accuracies),
    regret: Math.max(...accuracies) - (accuracies[chosen] ?? 0),
    chosen,
  }
}
