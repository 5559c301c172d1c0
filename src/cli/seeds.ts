/**
 * Several seeds of one experiment, laid together. Under the chosen pairing seeds may fall into two camps;
 * a mean over both would describe neither, so they are counted instead.
 */
import type { Card, Spread } from '../contract/lab'
import type { Say } from '../language/words'
import { accuracy } from './numbers'
import { table } from './table'

const together = ['target', 'bestPairing', 'unseen', 'unseenBest'] as const

function spreadText(spread: Pick<Spread, 'mean' | 'deviation'> | null): string {
  if (spread === null) return '-'
  return spread.deviation === null
    ? accuracy(spread.mean)
    : `${accuracy(spread.mean)} ± ${accuracy(spread.deviation)}`
}

/** Every run, then what they come to together: over the seeds, and what the number of test images leaves open. */
export function seedsText(card: Pick<Card, 'runs' | 'camps' | (typeof together)[number]>, say: Say): string {
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
  const interval = [
    say('images-interval'),
    '',
    '',
    ...together.map((name) => accuracy(card[name]?.interval ?? null)),
  ]
  const fell = say('seeds-done', { ...card.camps, count: card.runs.length })
  return `${table(head, [...rows, mean, interval])}\n${fell}`
}
