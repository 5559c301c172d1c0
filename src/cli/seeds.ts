/**
 * Several seeds of one experiment, laid together. Under the chosen pairing seeds may fall into two camps;
 * a mean over both would describe neither, so they are counted instead.
 */
import type { Say } from '../language/words'
import { accuracy } from './numbers'
import type { Outcome } from './outcome'
import { table } from './table'

export interface Spread {
  readonly mean: number
  /** Of the sample (n - 1); null for one run. */
  readonly deviation: number | null
  readonly least: number
  readonly most: number
}

export interface SeedsSummary {
  readonly sourceAccuracy: Spread | null
  readonly targetAccuracyBefore: Spread | null
  readonly targetAccuracyBestPairing: Spread | null
  readonly chosenPairing: number
  readonly otherPairing: number
}

/** Mean, deviation and extremes of the values that there are; null for none. */
export function spreadOf(values: readonly (number | null)[]): Spread | null {
  const known = values.filter((value): value is number => value !== null)
  if (known.length === 0) return null
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return {
    mean,
    deviation: known.length === 1 ? null : Math.sqrt(squares / (known.length - 1)),
    least: Math.min(...known),
    most: Math.max(...known),
  }
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

function spreadText(spread: Spread | null): string {
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
