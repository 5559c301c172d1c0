/** Collects a run's events into the data for its curves, tables and pictures. */
import type { ErrorMessage } from '../../src/contract/errors'
import type { AttemptEvent, RecordedEvent } from '../../src/contract/record'
import { roundFigures, type RoundFigures } from './round-figures'

type LossEvent = Extract<RecordedEvent, { type: 'loss' }>
type SourceLossEvent = Extract<RecordedEvent, { type: 'source-loss' }>
export type LossFigures = Pick<LossEvent, 'round' | 'step' | 'steps' | 'losses'>
export type SourceLossFigures = Pick<SourceLossEvent, 'epoch' | 'step' | 'steps' | 'loss'>

export interface History {
  readonly rounds: readonly RoundFigures[]
  readonly losses: readonly LossFigures[]
  readonly sourceLosses: readonly SourceLossFigures[]
  /** Finished attempts that were judged without labels. */
  readonly attempts: readonly AttemptEvent[]
  readonly failure: ErrorMessage | null
}

export const noHistory: History = { rounds: [], losses: [], sourceLosses: [], attempts: [], failure: null }

export interface GatheredHistory {
  add(event: RecordedEvent): void
  /** A snapshot of the data so far; later events do not change it. */
  now(): History
}

/** A resumed run repeats the round it was stopped in; the later entry for a round replaces the earlier one. */
export function gatherHistory(): GatheredHistory {
  const rounds: RoundFigures[] = []
  const losses: LossFigures[] = []
  const sourceLosses: SourceLossFigures[] = []
  const attempts: AttemptEvent[] = []
  let failure: ErrorMessage | null = null

  function add(event: RecordedEvent): void {
    failure = failureIn(event)
    if (event.type === 'round') insert(rounds, roundFigures(event), (a, b) => a.round - b.round)
    if (event.type === 'loss')
      insert(losses, lossFigures(event), (a, b) => a.round - b.round || a.step - b.step)
    if (event.type === 'source-loss') sourceLosses.push(sourceLossFigures(event))
    if (event.type === 'attempt') attempts.push(event)
    // A restarted attempt is discarded; the next attempt records the same rounds again.
    if (event.type === 'attempt' && event.verdict === 'restarted')
      for (const list of [rounds, losses, sourceLosses]) list.length = 0
  }

  return {
    add,
    now: () => ({
      rounds: [...rounds],
      losses: [...losses],
      sourceLosses: [...sourceLosses],
      attempts: [...attempts],
      failure,
    }),
  }
}

/** Inserts into a sorted list and replaces an equal item. Searches from the end, where nearly all items belong. */
function insert<Item>(list: Item[], item: Item, compare: (a: Item, b: Item) => number): void {
  let at = list.length
  for (let before = list[at - 1]; before !== undefined && compare(before, item) > 0; before = list[at - 1])
    at--
  const before = list[at - 1]
  if (before !== undefined && compare(before, item) === 0) list[at - 1] = item
  else list.splice(at, 0, item)
}

/** Null for any other event: a run that records more after a failure was resumed. */
function failureIn(event: RecordedEvent): ErrorMessage | null {
  return event.type === 'failed' ? ({ code: event.code, params: event.params } as ErrorMessage) : null
}

const lossFigures = ({ round, step, steps, losses }: LossEvent): LossFigures => ({
  round,
  step,
  steps,
  losses,
})

const sourceLossFigures = ({ epoch, step, steps, loss }: SourceLossEvent): SourceLossFigures => ({
  epoch,
  step,
  steps,
  loss,
})
