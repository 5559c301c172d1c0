/** What metrics.jsonl says of each round. */
import type { RecordedEvent, RoundEvent, RunRecord } from '../contract/record'

/**
 * The last word on each round of the present attempt: one that was lost in a crash and done again was recorded
 * twice.
 */
export function roundEvents(events: readonly RecordedEvent[]): Map<number, RoundEvent> {
  const rounds = new Map<number, RoundEvent>()
  for (const event of events) {
    if (event.type === 'round') rounds.set(event.round, event)
    if (event.type === 'attempt' && event.verdict === 'restarted') rounds.clear()
  }
  return rounds
}

/**
 * The last complete round, 0 before the first. A round is complete when metrics.jsonl has its line, which is
 * written after its checkpoint; run.json counts it a moment later, and alone does so in a run that took over a
 * parent's checkpoint without what was measured of it.
 * @param events those that still count: `historyOf`
 */
export function completeRounds({ rounds }: RunRecord, events: readonly RecordedEvent[]): number {
  return Math.max(rounds, ...roundEvents(events).keys())
}

/** Of each round, the target's accuracy under the chosen pairing. */
export function accuraciesIn(rounds: ReadonlyMap<number, RoundEvent>): Map<number, number> {
  return new Map([...rounds].map(([round, { measures }]) => [round, measures.target.accuracy]))
}

/**
 * The adapted round of highest target accuracy under the chosen pairing, the first of equals; null without
 * one. A curiosity that is shown, never a choice made in training.
 * @param accuracies by round, 0 being before adaptation
 */
export function bestRound(accuracies: ReadonlyMap<number, number>): number | null {
  let best: number | null = null
  let highest = -Infinity
  for (const [round, accuracy] of accuracies) {
    if (round === 0 || accuracy < highest || (accuracy === highest && round > (best ?? 0))) continue
    best = round
    highest = accuracy
  }
  return best
}
