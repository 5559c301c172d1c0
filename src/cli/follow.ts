/** Watching one run from its start to its end. */
import type { Lab, LabEvent, Progress } from '../contract/lab'
import { isEnding, type Ending, type RecordedEvent } from '../contract/record'

export interface Begun {
  readonly run: string
  readonly folder: string
}

/** A run from its start to its end. */
export interface Followed extends Begun {
  readonly ending: Ending
}

export interface Watcher {
  begun(begun: Begun): void
  progress(progress: Progress): void
  recorded(event: RecordedEvent): void
}

/**
 * Begins a run and resolves with how it ended. Events may come before the lab has answered which run they
 * belong to: they are kept and passed on in order.
 */
export async function follow(lab: Lab, begin: () => Promise<Begun>, watcher: Watcher): Promise<Followed> {
  const early: LabEvent[] = []
  let take = (event: LabEvent): void => void early.push(event)
  const unsubscribe = lab.subscribe((event) => {
    take(event)
  })
  try {
    const begun = await begin()
    watcher.begun(begun)
    const ending = await new Promise<Ending>((resolve) => {
      take = (event) => {
        if (event.type !== 'progress' && event.type !== 'recorded') return
        if (event.run !== begun.run) return
        if (event.type === 'progress') return watcher.progress(event.progress)
        watcher.recorded(event.event)
        if (isEnding(event.event)) resolve(event.event)
      }
      early.forEach(take)
    })
    return { ...begun, ending }
  } finally {
    unsubscribe()
  }
}
