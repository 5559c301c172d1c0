/**
 * Summarises several seeds of one experiment. Under the chosen pairing the seeds may be divided into two groups; a
 * mean over both would describe neither, so the runs in each are counted instead.
 */
import { labError } from '../contract/errors'
import { maxNameLength, maxSeed, type Experiment } from '../contract/experiment'
import type { Card, Repeat, Spread } from '../contract/judging'
import type { Pairing } from '../contract/pairing'
import { usualError } from '../contract/estimate'
import type { Language } from '../language/language'
import { repeatSentence } from '../language/repeats'
import type { Say } from '../language/words'
import { accuracy, estimated, interval } from './numbers'
import { table } from './table'
import type { Terminal } from './terminal'

const together = ['target', 'bestPairing', 'unseen', 'unseenBest'] as const

/**
 * The experiment with `count` consecutive seeds, starting from its own; the seed is added to each name.
 * @throws `seeds-beyond`, before anything is trained, if the last seed would exceed the limit
 */
export function eachSeed(experiment: Experiment, count: number): Experiment[] {
  const { name, seed } = experiment
  if (seed + count - 1 > maxSeed) throw labError('seeds-beyond', { seed, count, most: maxSeed })
  return Array.from({ length: count }, (_, index) => ({
    ...experiment,
    name: nameWith(name, ` (${String(seed + index)})`),
    seed: seed + index,
  }))
}

/** A name with a suffix; the name is cut if both together are too long. */
export function nameWith(name: string, after: string): string {
  return `${name.slice(0, Math.max(0, maxNameLength - after.length))}${after}`.slice(0, maxNameLength)
}

export type Together = Pick<Card, 'camps' | 'images' | (typeof together)[number]>

/** The summary over the runs of a card. */
export function seedSummary({ camps, images, target, bestPairing, unseen, unseenBest }: Card): Together {
  return { camps, images, target, bestPairing, unseen, unseenBest }
}

/** Accuracies on unseen images under the meaningful pairing. */
export function unseenBy(pairing: Pairing, { unseen, unseenBest }: Together): Spread | null {
  return pairing === 'chosen' ? unseen : unseenBest
}

export function spreadText(spread: Pick<Spread, 'mean' | 'deviation'> | null): string {
  if (spread === null) return '-'
  return spread.deviation === null
    ? accuracy(spread.mean)
    : `${accuracy(spread.mean)} ± ${accuracy(spread.deviation)}`
}

/** Every run, then the summary: the spread over the seeds, and the intervals over the test images. */
export function seedsText(
  card: Pick<Card, 'runs' | 'repeats' | 'camps' | (typeof together)[number]>,
  { say, language }: Pick<Terminal, 'say' | 'language'>,
): string {
  const head = [
    say('column-run'),
    say('column-seed'),
    say('column-before'),
    say('column-target'),
    say('column-best'),
    say('column-unseen'),
    say('column-unseen-best'),
  ]
  const rows = card.runs.map((one) => [
    one.run,
    one.seed,
    accuracy(one.before),
    ...together.map((name) => accuracy(one[name])),
  ])
  const mean = [say('mean-deviation'), '', '', ...together.map((name) => spreadText(card[name]))]
  const ofImages = [say('images-interval'), '', '', ...together.map((name) => interval(card[name]?.interval))]
  // Runs on a target without labels match no pairing.
  const isJudged = card.camps.chosen + card.camps.other > 0
  const fell = isJudged ? [say('seeds-done', { ...card.camps, count: card.runs.length })] : []
  const lines = [table(head, [...rows, mean, ofImages]), ...fell, ...estimatedLines(card.runs, say)]
  return [...lines, ...repeatLines(card.repeats, language)].join('\n')
}

/** Runs on a target without labels have no accuracy, but an estimate. */
function estimatedLines(runs: Card['runs'], say: Say): string[] {
  return runs
    .filter((one) => one.target === null && one.estimated !== null)
    .map(({ run, estimated: found }) =>
      say('run-estimated', { run, accuracy: estimated(found), error: estimated(usualError) }),
    )
}

/** A line for each run that is not counted because its seed already is. */
export function repeatLines(repeats: readonly Repeat[], language: Language): string[] {
  return repeats.map((repeat) => repeatSentence(repeat, language))
}
