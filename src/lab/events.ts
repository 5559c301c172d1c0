/** Delivers the lab's events to all subscribers. */
import type { LabEvent } from '../contract/lab'

export interface Events {
  emit(event: LabEvent): void
  subscribe(listener: (event: LabEvent) => void): () => void
}

export function createEvents(): Events {
  const listeners = new Set<(event: LabEvent) => void>()
  return {
    emit(event) {
      for (const listener of [...listeners]) listener(event)
    },
    subscribe(listener) {
      // A wrapper makes each subscription distinct, even for the same function.
      const own = (event: LabEvent) => listener(event)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
  }
}
