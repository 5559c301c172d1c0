/**
 * Accept or restart, without labels. Adaptation without labels sometimes fails, and failure shows: in predictions that
 * are unsure, that change under views, or that leave a class out. No score alone is enough: a network that gives all
 * images one class is sure, and agrees with itself perfectly. docs/judging.md has the reasoning.
 */
import type { Restarts } from '../contract/experiment'
import type { Attempt, LabelFree } from '../contract/record'
import { stream } from '../data/random'
import { errorAt } from './fano'

/** What an attempt (from 1) draws from: the experiment's own seed, then seeds derived from it. */
export function seedOfAttempt(seed: number, attempt: number): number {
  return attempt === 1 ? seed : stream(seed, 'attempt', attempt).integer(2 ** 31)
}

/**
 * At least so much of ln K for K classes. What two equally frequent ones cost that have become one is (2 / K) ln 2; from
 * half of that on, a class is taken to be lost.
 */
function minDiversity(classes: number): number {
  return Math.log(classes) - Math.LN2 / classes
}

type Judged = Pick<LabelFree, 'entropy' | 'diversity' | 'mutualInformation' | 'agreement'>

/** `classes` is K: a fixed information is a share of ln K, which is the most that there is. */
export function isAccepted(
  { entropy, diversity, mutualInformation, agreement }: Judged,
  classes: number,
  { leastInformation, leastAgreement }: Restarts,
): boolean {
  if (leastInformation !== null)
    return mutualInformation >= leastInformation * Math.log(classes) && agreement >= leastAgreement
  const certain = agreement - errorAt(entropy, classes)
  return certain >= leastAgreement && diversity >= minDiversity(classes)
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
