/** The attempts of a run with restarts: their seeds, and what follows after each. */
import type { Restarts } from '../contract/experiment'
import type { Attempt, LabelFree } from '../contract/record'
import { stream } from '../data/random'
import { isAccepted } from '../statistics/acceptance'

/** The seed of an attempt (from 1): the experiment's own seed for the first, derived seeds for the others. */
export function seedOfAttempt(seed: number, attempt: number): number {
  return attempt === 1 ? seed : stream(seed, 'attempt', attempt).integer(2 ** 31)
}

export function verdictOn(
  scores: LabelFree,
  classes: number,
  restarts: Restarts,
  attempt: number,
): Attempt['verdict'] {
  if (isAccepted(scores, classes, restarts)) return 'accepted'
  return attempt <= restarts.most ? 'restarted' : 'kept'
}
