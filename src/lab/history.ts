/** A run's events without those superseded by a resume: work that was lost and repeated appears once. */
import { readHistory } from '../checkpoints/metrics'
import type { RecordedEvent } from '../contract/record'

interface Position {
  readonly round: number
  readonly step: number
}

/** Whether an event lies after the position from which a run was resumed, so that it is repeated. */
function isBehind(event: RecordedEvent, from: Position | null): boolean {
  if (from === null) return true
  if (event.type === 'source-loss') return from.round === 0 && from.step > 0 && event.step > from.step
  if (event.type === 'loss') return event.round > from.round || isLaterStep(event, from)
  if (event.type === 'round') return event.round > 0 && event.round >= from.round
  return false
}

function isLaterStep(event: Position, from: Position): boolean {
  return event.round === from.round && event.step > from.step
}

/** `stopped`, `failed` and `started` are kept: they record what happened. */
function isOfTraining({ type }: RecordedEvent): boolean {
  return type === 'source-loss' || type === 'source-done' || type === 'loss' || type === 'round'
}

/**
 * Each resume drops the events recorded after its position. Of a rejected attempt, only its final `attempt` event is
 * kept.
 */
export function withoutSuperseded(events: readonly RecordedEvent[]): RecordedEvent[] {
  let kept: RecordedEvent[] = []
  for (const event of events) {
    if (event.type === 'started') {
      const { resumedFrom } = event
      kept = kept.filter((earlier) => !isOfTraining(earlier) || !isBehind(earlier, resumedFrom))
    }
    if (event.type === 'attempt' && event.verdict === 'restarted')
      kept = kept.filter((earlier) => !isOfTraining(earlier))
    kept.push(event)
  }
  return kept
}

export async function historyOf(folder: string): Promise<RecordedEvent[]> {
  return withoutSuperseded((await readHistory(folder)).events)
}
