/**
 * Several seeds of one experiment, laid together. Under the chosen pairing seeds may fall into two camps;
 * a mean over both would describe neither, so they are counted instead.
 */
import type { Say } from '../language/words'
import { spreadOf, type Spread } from '../statistics/spread'
import { accuracy } from './numbers'
import type { Outcome } from './outcome'
import { table } from './table'

export interface SeedsSummary {
  readonly sourceAccuracy: Spread | null
  readonly targetAccuracyBefore: Spread | null
  readonly targetAccuracyBestPairing: Spread | null
  readonly chosenPairing: number
  readonly otherPairing: number
}

export function summaryOf(outcomes: readonly Outcome[]): SeedsSummary {
  return {
    sourceAccuracy: spreadOf(outcomes.map((outcome) => outcome.sourceAccuracy)),
    targetAccuracyBefore: spreadOf(outcomes.map((outcome) => outcome.targetAccuracyBefore)),
    targetAccuracyBestPairing: spreadOf(outcomes.map((outcome) => outcome.targetAccuracyBestPairing)),
    chosenPairing: outcomes.filter((outcome) => outcome.chosenPairingFits === true).length,
    otherPairing: outcomes.filter((outcome) => outcome.chosenPairingFits === false).length,
  }
}

export function spreadText(spread: Spread | null): string {
  if (spread === null) return '-'
  return spread.deviation === null
    ? accuracy(spread.mean)
    : `${accuracy(spread.mean)} ± ${accuracy(spread.deviation)}`
}

export function seedsText(outcomes: readonly Outcome[], summary: SeedsSummary, say: Say): string {
  const rows = outcomes.map((outcome) => [
    String(outcome.seed ?? '-'),
    accuracy(outcome.sourceAccuracy),
    accuracy(outcome.targetAccuracyBefore),
    accuracy(outcome.targetAccuracy),
    accuracy(outcome.targetAccuracyBestPairing),
    accuracy(outcome.unseenTargetAccuracy),
  ])
  const mean = [
    say('mean-deviation'),
    spreadText(summary.sourceAccuracy),
    spreadText(summary.targetAccuracyBefore),
    '',
    spreadText(summary.targetAccuracyBestPairing),
    '',
  ]
  const head = [
    say('column-seed'),
    say('column-source'),
    say('column-before'),
    say('column-target'),
    say('column-best'),
    say('column-unseen'),
  ]
  const camps = { chosen: summary.chosenPairing, other: summary.otherPairing, count: outcomes.length }
  return `${table(head, [...rows, mean])}\n${say('seeds-done', camps)}`
}
