/**
 * Accept or restart, without labels. Adaptation without labels sometimes fails, and failure shows: predictions
 * that are not sure and even at once (little mutual information), or that change under views. Neither score alone
 * tells: a network that gives all images one class agrees with itself perfectly.
 */
import type { Restarts } from '../contract/experiment'
import type { Attempt, LabelFree } from '../contract/record'
import { stream } from '../data/random'

/** What an attempt (from 1) draws from: the experiment's own seed, then seeds derived from it. */
export function seedOfAttempt(seed: number, attempt: number): number {
  return attempt === 1 ? seed : stream(seed, 'attempt', attempt).integer(2 ** 31)
}

/** `classes` is K: information is measured as a share of ln K. */
export function isAccepted(
  { mutualInformation, agreement }: Pick<LabelFree, 'mutualInformation' | 'agreement'>,
  classes: number,
  { leastInformation, leastAgreement }: Restarts,
): boolean {
  const most = Math.log(classes)
  return mutualInformation >= leastInformation * most && agreement >= leastAgreement
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
