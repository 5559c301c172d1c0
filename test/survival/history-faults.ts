/** Checks a run's metrics.jsonl line by line: every event is present, once and in order. */
import { recordedEventSchema, type RecordedEvent } from '../../src/contract/record'

/**
 * Faults in the lines of a run that was never stopped; empty if every line is there, in order.
 * @param text of its metrics.jsonl
 * @param rounds number of rounds that it had to train
 */
export function faultsIn(
  text: string,
  rounds: number,
): { readonly faults: string[]; readonly lines: number } {
  const lines = text.split('\n')
  const faults: string[] = lines.pop() === '' ? [] : ['the last line has no end']
  const events = lines.map((line): RecordedEvent | null => {
    const read = recordedEventSchema.safeParse(JSON.parse(line))
    if (!read.success) faults.push(`not an event: ${line.slice(0, 80)}`)
    return read.success ? read.data : null
  })
  const of = (type: RecordedEvent['type']) => events.filter((event) => event?.type === type).length
  if (events[0]?.type !== 'started' || of('started') !== 1) faults.push('it does not begin once')
  if (events[events.length - 1]?.type !== 'finished') faults.push('it does not finish')
  let expected = 0
  let step = 0
  let steps: number | null = null
  let time = ''
  for (const event of events) {
    if (event === null) continue
    if (event.time < time) faults.push(`${event.type} at ${event.time} after ${time}`)
    time = event.time
    if (event.type === 'loss') {
      if (event.round !== expected || event.step <= step)
        faults.push(`a loss of ${event.round}/${event.step}`)
      step = event.step
    }
    if (event.type !== 'round') continue
    if (event.round !== expected) faults.push(`round ${event.round} where ${expected} was due`)
    if (event.round > 0) {
      steps ??= step
      if (step !== steps || step === 0) faults.push(`round ${event.round} has ${step} losses`)
    }
    expected = event.round + 1
    step = 0
  }
  if (expected !== rounds + 1) faults.push(`${expected - 1} rounds of ${rounds}`)
  return { faults, lines: lines.length }
}
