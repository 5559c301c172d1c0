/**
 * Decides whether to accept or restart an attempt, without labels. Adaptation without labels sometimes fails. Failure
 * shows in predictions that are uncertain, that change under views, or that leave out a class. One score is not
 * enough: a network that gives all images one class is certain and agrees with itself perfectly. See docs/judging.md.
 * Vectors have no views. Without agreement, entropy and diversity decide alone, the two parts of mutual information.
 */
import type { Restarts } from '../contract/experiment'
import type { LabelFree } from '../contract/record'
import { errorAt } from './fano'

/**
 * Smallest accepted diversity for K classes; the maximum is ln K. Merging two equally frequent classes into one
 * lowers diversity by (2 / K) ln 2. A class is taken as lost if diversity falls by half of that or more.
 */
function minDiversity(classes: number): number {
  return Math.log(classes) - Math.LN2 / classes
}

type Judged = Pick<LabelFree, 'entropy' | 'diversity' | 'mutualInformation' | 'agreement'>

/** `classes` is K. `leastInformation` is a share of ln K, the maximum of mutual information. */
export function isAccepted(
  { entropy, diversity, mutualInformation, agreement }: Judged,
  classes: number,
  { leastInformation, leastAgreement }: Restarts,
): boolean {
  const agreeing = agreement ?? 1
  if (leastInformation !== null)
    return mutualInformation >= leastInformation * Math.log(classes) && agreeing >= leastAgreement
  const certain = agreeing - errorAt(entropy, classes)
  return certain >= leastAgreement && diversity >= minDiversity(classes)
}
