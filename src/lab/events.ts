/** The lab's events, to everyone who listens. */
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
      // Each subscription is one of its own, even of the same function.
      const own = (event: LabEvent) => listener(event)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
  }
}
