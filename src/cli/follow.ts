/** Follows one run from its start to its end. */
import type { Lab, LabEvent } from '../contract/lab'
import type { Progress } from '../contract/training'
import { isEnding, type Ending, type RecordedEvent } from '../contract/record'

export interface StartedRun {
  readonly run: string
  readonly folder: string
}

/** A run that has ended. */
export interface Followed extends StartedRun {
  readonly ending: Ending
}

export interface Watcher {
  started(started: StartedRun): void
  progress(progress: Progress): void
  recorded(event: RecordedEvent): void
}

/**
 * Starts a run and resolves with how it ended. Events that arrive before the run's id is known are kept and passed on
 * in order.
 */
export async function follow(
  lab: Lab,
  begin: () => Promise<StartedRun>,
  watcher: Watcher,
): Promise<Followed> {
  const early: LabEvent[] = []
  let take = (event: LabEvent): void => void early.push(event)
  const unsubscribe = lab.subscribe((event) => {
    take(event)
  })
  try {
    const started = await begin()
    watcher.started(started)
    const ending = await new Promise<Ending>((resolve) => {
      take = (event) => {
        if (event.type !== 'progress' && event.type !== 'recorded') return
        if (event.run !== started.run) return
        if (event.type === 'progress') return watcher.progress(event.progress)
        watcher.recorded(event.event)
        if (isEnding(event.event)) resolve(event.event)
      }
      early.forEach(take)
    })
    return { ...started, ending }
  } finally {
    unsubscribe()
  }
}
