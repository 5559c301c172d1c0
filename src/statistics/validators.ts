/**
 * How well scores that use no label of the target would choose among checkpoints (Musgrave et al. 2022): each score
 * beside the true accuracy, over all checkpoints at hand. In a laboratory the accuracy is known; outside it only the
 * scores are.
 */
import type { Validation } from '../contract/judging'
import { labelFreeScores, type LabelFree } from '../contract/record'
import { rankCorrelation } from './rank'

export interface Judged {
  readonly accuracy: number
  readonly labelFree: LabelFree
}

export type Validator = Validation['validators'][number]

/** Of each score that all checkpoints have, in the usual order; none where there is no checkpoint. */
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
  const better = score === 'entropy' ? 'smaller' : 'larger'
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
