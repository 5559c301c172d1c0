/** Follows the lab's events for the host: whether a run is training, its progress, and how it ended. */
import type { ErrorMessage } from '../src/contract/errors'
import type { Lab, LabEvent } from '../src/contract/lab'
import type { Progress } from '../src/contract/training'

export interface Ending {
  readonly run: string
  readonly seconds: number
  readonly targetAccuracy: number | null
  readonly rounds: number
  readonly failure: ErrorMessage | null
}

export interface TrainingWatch {
  /** The run that this program is training; null if there is none. */
  running(): string | null
  onProgress(listener: (fraction: number | null) => void): void
  onEnding(listener: (ending: Ending) => void): void
}

/** Completed share of the run's rounds, in [0, 1]; 0 during the source stage. */
const fractionOf = ({ phase, round, rounds, step, steps }: Progress): number =>
  phase === 'adaptation' && rounds > 0 && steps > 0 ? Math.min(1, (round - 1 + step / steps) / rounds) : 0

export function watchTraining(lab: Lab): TrainingWatch {
  let running: string | null = null
  let started = Date.now()
  let last = { targetAccuracy: null as number | null, rounds: 0 }
  const progressListeners: ((fraction: number | null) => void)[] = []
  const endingListeners: ((ending: Ending) => void)[] = []

  const end = (run: string, failure: ErrorMessage | null): void => {
    if (run !== running) return
    running = null
    for (const tell of progressListeners) tell(null)
    for (const tell of endingListeners)
      tell({ run, seconds: (Date.now() - started) / 1000, ...last, failure })
  }

  const begin = (run: string): void => {
    if (running === run) return
    running = run
    started = Date.now()
    last = { targetAccuracy: null, rounds: 0 }
  }

  const follow = (event: LabEvent): void => {
    if (event.type === 'progress') {
      begin(event.run)
      for (const tell of progressListeners) tell(fractionOf(event.progress))
    } else if (event.type === 'recorded' && event.run === running) {
      const line = event.event
      if (line.type === 'round')
        last = { targetAccuracy: line.measures.target?.accuracy ?? null, rounds: line.round }
      if (line.type === 'finished' || line.type === 'stopped') end(event.run, null)
      if (line.type === 'failed') end(event.run, { code: line.code, params: line.params } as ErrorMessage)
    }
  }

  lab.subscribe(follow)
  return {
    running: () => running,
    onProgress: (listener) => void progressListeners.push(listener),
    onEnding: (listener) => void endingListeners.push(listener),
  }
}
