/** Times each part of one training from the events of its process. */
import { cpus } from 'os'
import type { Experiment } from '../contract/experiment'
import type { RecordedEvent, RoundEvent } from '../contract/record'
import type { TimedPart, Timing } from '../contract/timing'
import { costKind } from './cost-kinds'

export interface Stopwatch {
  /** TensorFlow is loaded. */
  ready(now: number): void
  heard(event: RecordedEvent): void
  /** The user paused the run or took single steps, so its times measure the user. */
  disturb(): void
  /** One timing per part that was seen from start to end; the mean if it occurred several times. */
  timings(): Timing[]
}

/** Processor, cores and threads: these identify a machine. */
export function machineName(threads: number): string {
  const processors = cpus()
  return `${processors[0]?.model ?? 'unknown'} x ${String(processors.length)}, ${String(threads)} threads`
}

/** The last event and its time; the next event ends the part that it began. */
interface Mark {
  readonly after: 'started' | 'compiled-source' | 'source' | 'round' | 'compiled-adaptation' | 'steps'
  readonly at: number
}

/** @param launched when the process was started, in ms since the epoch */
export function createStopwatch(experiment: Experiment, threads: number, launched: number): Stopwatch {
  const sums = new Map<TimedPart, { seconds: number; images: number; times: number }>()
  let readyAt: number | null = null
  let mark: Mark | null = null
  /** Parts whose number of images is known only at the end of the round. */
  let waiting: { readonly part: TimedPart; readonly seconds: number }[] = []
  let disturbed = false

  function add(part: TimedPart, seconds: number, images: number): void {
    const sum = sums.get(part) ?? { seconds: 0, images: 0, times: 0 }
    sums.set(part, { seconds: sum.seconds + seconds, images: sum.images + images, times: sum.times + 1 })
  }

  function since(after: Mark['after'], now: number): number | null {
    return mark?.after === after ? (now - mark.at) / 1000 : null
  }

  function take(part: TimedPart, seconds: number | null, images: number): void {
    if (seconds !== null && seconds >= 0) add(part, seconds, images)
  }

  function started(now: number, fromPause: boolean): void {
    if (readyAt !== null) waiting.push({ part: 'load', seconds: (now - readyAt) / 1000 })
    readyAt = null
    mark = fromPause ? null : { after: 'started', at: now }
  }

  function prepared(phase: 'source' | 'adaptation', now: number): void {
    // After a resume this time includes other work.
    if (phase === 'source') take('compile-source', since('started', now), 0)
    else take('compile-adaptation', since('round', now), 0)
    mark = mark && { after: phase === 'source' ? 'compiled-source' : 'compiled-adaptation', at: now }
  }

  function stepsDone(now: number): void {
    const seconds = since('compiled-adaptation', now) ?? since('round', now)
    if (seconds !== null) waiting.push({ part: 'adaptation', seconds })
    mark = { after: 'steps', at: now }
  }

  function roundDone({ round, measures, seconds, pairsPerSecond }: RoundEvent, now: number): void {
    const measured =
      measures.source.count + (measures.target?.count ?? 0) + (measures.unseenTarget?.count ?? 0)
    if (round === 0) take('first-round', since('source', now), measured)
    else take('round', since('steps', now), measured)
    for (const { part, seconds: taken } of waiting)
      take(part, taken, part === 'load' ? measured : seconds * (pairsPerSecond ?? 0))
    waiting = []
    mark = { after: 'round', at: now }
  }

  return {
    ready(now) {
      readyAt = now
      add('launch', (now - launched) / 1000, 0)
    },
    heard(event) {
      const now = Date.parse(event.time)
      switch (event.type) {
        case 'started':
          return started(now, (event.resumedFrom?.step ?? 0) > 0)
        case 'features':
          // Features are computed once and kept, so a later run loads without that time.
          if (readyAt !== null) readyAt += event.seconds * 1000
          return
        case 'compiled':
        case 'eager':
          return prepared(event.phase, now)
        case 'source-done':
          take('source', since('compiled-source', now), event.seconds * event.imagesPerSecond)
          mark = { after: 'source', at: now }
          return
        case 'loss':
          if (event.step === event.steps) stepsDone(now)
          return
        case 'round':
          return roundDone(event, now)
        case 'attempt':
        case 'stopped':
        case 'finished':
        case 'failed':
          mark = null
          return
        case 'source-loss':
          return
      }
    },
    disturb() {
      disturbed = true
    },
    timings() {
      if (disturbed) return []
      const time = new Date().toISOString()
      const machine = machineName(threads)
      return [...sums].map(([part, { seconds, images, times }]) => ({
        time,
        machine,
        part,
        kind: costKind(part, experiment),
        images: Math.round(images / times),
        seconds: seconds / times,
      }))
    },
  }
}
