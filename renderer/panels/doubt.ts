/** How far the estimated accuracy of a round is to be trusted. */
import { usualError } from '../../src/contract/estimate'
import { restartsSchema, type Experiment } from '../../src/contract/experiment'
import { isAccepted } from '../../src/statistics/acceptance'
import { estimated } from '../format/numbers'
import { figureOf, foreignShare, type RoundFigures } from '../stores/round-figures'

/** The verdict of the rule for restarts on a round; null if its scores are not known. */
export function verdictOn(
  round: RoundFigures | null,
  experiment: Experiment | null,
): 'accepted' | 'refused' | null {
  if (round === null || experiment === null) return null
  const entropy = figureOf(round, 'entropy')
  const diversity = figureOf(round, 'diversity')
  const mutualInformation = figureOf(round, 'mutualInformation')
  if (entropy === null || diversity === null || mutualInformation === null) return null
  const judged = { entropy, diversity, mutualInformation, agreement: figureOf(round, 'agreement') }
  const rule = experiment.restarts ?? restartsSchema.parse({})
  return isAccepted(judged, experiment.source.classes.length, rule) ? 'accepted' : 'refused'
}

interface Watched {
  readonly before: RoundFigures | null
  readonly shown: RoundFigures | null
  readonly experiment: Experiment | null
}

/**
 * Whether the estimate of the round shown may be far too high: many samples were of no class before adaptation, and the
 * rule refuses the round.
 */
export const isDoubtful = ({ before, shown, experiment }: Watched): boolean =>
  foreignShare(before) !== null && verdictOn(shown, experiment) === 'refused'

/** The usual error of an estimate, which was measured where estimates are not doubtful. */
export const estimateErrorOf = (watched: Watched): string =>
  isDoubtful(watched) ? '?' : `±${estimated(usualError)}`
