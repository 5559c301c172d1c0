/** What can be said of an adaptation without target labels, as text. */
import { hasForeignSamples, usualError, type Estimate } from '../contract/estimate'
import { labelFreeScores, type LabelFree } from '../contract/record'
import { meaningOf } from '../language/score-meanings'
import type { Say } from '../language/words'
import { accuracy, estimated, percent } from './numbers'
import { table } from './table'
import type { Terminal } from './terminal'

const inverted = 'target.shifts=[{"kind":"inversion"}]'

/**
 * What is estimated, what it rests on, and a warning if many samples are of no class; empty without an estimate. With the
 * warning and a refused round the estimate is further off than usual, so that its usual error is left out.
 * @param before the share of outlying samples before adaptation, which makes foreign samples hard to see
 * @param accepted the verdict of the rule for restarts, null if it is not known
 */
export function estimateLines(
  estimate: Estimate | null | undefined,
  say: Say,
  before: number | null = null,
  accepted: boolean | null = null,
): string[] {
  if (!estimate) return []
  const { accuracy: found, on, count } = estimate
  const outlying = before ?? estimate.outlying
  const isForeign = hasForeignSamples({ outlying })
  const isDoubtful = isForeign && accepted === false
  const line = say(isDoubtful ? 'estimated-doubtful' : 'estimated', {
    accuracy: estimated(found),
    error: estimated(usualError),
  })
  const rests = say(on === 'held-out' ? 'estimated-held-out' : 'estimated-training', { count })
  const warning = say('foreign-samples', { share: percent(outlying) })
  return [`${line} ${rests}`, ...(isForeign ? [warning] : [])]
}

/** The estimate of a run's last round. */
export const estimateOfRun = (
  { estimate, acceptedWithoutLabels, labelFree }: Omit<JudgedWithoutLabels, 'labelFreeBefore'>,
  say: Say,
) => {
  const lines = estimateLines(estimate, say, estimate?.outlyingBefore, acceptedWithoutLabels)
  const isDoubtful = estimate?.foreignSamples === true && acceptedWithoutLabels === false
  // Vectors have no agreement, and nothing to invert.
  const isOfImages = (labelFree?.agreement ?? null) !== null
  return isDoubtful && isOfImages ? [...lines, say('try-inversion', { setting: inverted })] : lines
}

type EstimateOfRun = Estimate & { readonly outlyingBefore: number | null; readonly foreignSamples: boolean }

interface JudgedWithoutLabels {
  readonly labelFreeBefore: LabelFree | null
  readonly labelFree: LabelFree | null
  readonly acceptedWithoutLabels: boolean | null
  readonly estimate: EstimateOfRun | null
}

/** Each score before and after adaptation, with what it can and cannot say; the verdict of the rule; the estimate. */
export function judgedWithoutLabels(
  { labelFreeBefore, labelFree, acceptedWithoutLabels, estimate }: JudgedWithoutLabels,
  { say, language }: Pick<Terminal, 'say' | 'language'>,
): string {
  const shown = labelFreeScores.filter((score) => (labelFree?.[score] ?? null) !== null)
  const rows = shown.map((score) => [
    say(`measure-${score}`),
    accuracy(labelFreeBefore?.[score] ?? null),
    accuracy(labelFree?.[score] ?? null),
    meaningOf(score, language),
  ])
  const head = [say('column-free-score'), say('column-before'), say('column-after'), say('column-limits')]
  const verdict =
    acceptedWithoutLabels === null ? [] : [say(acceptedWithoutLabels ? 'rule-accepts' : 'rule-refuses')]
  const limits = estimate === null ? [] : [meaningOf('estimate', language)]
  return [
    table(head, rows),
    ...verdict,
    ...estimateOfRun({ estimate, acceptedWithoutLabels, labelFree }, say),
    ...limits,
  ].join('\n')
}
