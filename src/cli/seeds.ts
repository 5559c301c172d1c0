/**
 * Several seeds of one experiment, laid together. Under the chosen pairing seeds may fall into two camps;
 * a mean over both would describe neither, so they are counted instead.
 */
import { labError } from '../contract/errors'
import { maxNameLength, maxSeed, type Experiment } from '../contract/experiment'
import type { Card, Repeat, Spread } from '../contract/judging'
import type { Pairing } from '../contract/pairing'
import type { Language } from '../language/language'
import { repeatSentence } from '../language/repeats'
import { accuracy, interval } from './numbers'
import { table } from './table'
import type { Terminal } from './terminal'

const together = ['target', 'bestPairing', 'unseen', 'unseenBest'] as const

/**
 * The experiment with `count` seeds from its own on, each named after its seed.
 * @throws `seeds-beyond`: before anything is trained, rather than at the seed that there is not
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

/** A name with words after it, which are kept where both are too long together. */
export function nameWith(name: string, after: string): string {
  return `${name.slice(0, Math.max(0, maxNameLength - after.length))}${after}`.slice(0, maxNameLength)
}

export type Together = Pick<Card, 'camps' | 'images' | (typeof together)[number]>

/** Of a card, what its runs come to together. */
export function seedSummary({ camps, images, target, bestPairing, unseen, unseenBest }: Card): Together {
  return { camps, images, target, bestPairing, unseen, unseenBest }
}

/** On unseen images, by the pairing that says something. */
export function unseenBy(pairing: Pairing, { unseen, unseenBest }: Together): Spread | null {
  return pairing === 'chosen' ? unseen : unseenBest
}

export function spreadText(spread: Pick<Spread, 'mean' | 'deviation'> | null): string {
  if (spread === null) return '-'
  return spread.deviation === null
    ? accuracy(spread.mean)
    : `${accuracy(spread.mean)} ± ${accuracy(spread.deviation)}`
}

/** Every run, then what they come to together: over the seeds, and what the number of test images leaves open. */
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
  const fell = say('seeds-done', { ...card.camps, count: card.runs.length })
  return [table(head, [...rows, mean, ofImages]), fell, ...repeatLines(card.repeats, language)].join('\n')
}

/** A line for each run that is left out because its seed is counted already. */
export function repeatLines(repeats: readonly Repeat[], language: Language): string[] {
  return repeats.map((repeat) => repeatSentence(repeat, language))
}
