/** What metrics.jsonl records about each round. */
import type { RecordedEvent, RoundEvent, RunRecord } from '../contract/record'

/**
 * The latest event of each round of the current attempt. A round that was lost in a crash and repeated was recorded
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
 * The last complete round, 0 before the first. A round is complete when metrics.jsonl has its line, which is written
 * after its checkpoint. run.json counts the round a moment later; it is the only record in a run that took over a
 * parent's checkpoint without the parent's measures.
 * @param events those that still count: `historyOf`
 */
export function completeRounds({ rounds }: RunRecord, events: readonly RecordedEvent[]): number {
  return Math.max(rounds, ...roundEvents(events).keys())
}

/** The target's accuracy under the chosen pairing, by round; empty for a target without labels. */
export function accuraciesIn(rounds: ReadonlyMap<number, RoundEvent>): Map<number, number> {
  const accuracies = new Map<number, number>()
  for (const [round, { measures }] of rounds)
    if (measures.target !== null) accuracies.set(round, measures.target.accuracy)
  return accuracies
}

/**
 * The adapted round of highest merit, such as the target accuracy under the chosen pairing, the first of equal ones;
 * null if there is none. It is only shown; training never uses it to choose.
 * @param merits by round, 0 being before adaptation
 */
export function bestRound(merits: ReadonlyMap<number, number>): number | null {
  let best: number | null = null
  let highest = -Infinity
  for (const [round, merit] of merits) {
    if (round === 0 || merit < highest || (merit === highest && round > (best ?? 0))) continue
    best = round
    highest = merit
  }
  return best
}
