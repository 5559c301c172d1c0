/** Pauses, continues and stops a training between two steps, as the user requests. */
import type { controlActions } from '../contract/training'
import { nextTurn } from './next-turn'

export type ControlAction = (typeof controlActions)[number]

/** The event after which a continued training pauses again. */
type Until = 'paused' | 'step' | 'round' | 'free'

export interface Control {
  act(action: ControlAction): void
  readonly stopping: boolean
  /** Called after each step and each completed round; ends a requested `step` or `round`. */
  did(what: 'step' | 'round'): void
  /**
   * Lets pending messages arrive, then resolves when the training may go on: at once, or, if it is paused, when it is
   * continued or stopped. `whenPaused` is called before each wait.
   */
  turn(whenPaused: () => void): Promise<void>
}

export function createControl(): Control {
  let until: Until = 'free'
  let stopping = false
  let wake: (() => void) | null = null

  return {
    act(action) {
      if (action === 'stop') stopping = true
      else if (action === 'pause') until = 'paused'
      else until = action === 'continue' ? 'free' : action
      if (until === 'paused' && !stopping) return
      wake?.()
      wake = null
    },
    get stopping() {
      return stopping
    },
    did(what) {
      if (until === what) until = 'paused'
    },
    async turn(whenPaused) {
      await nextTurn()
      while (until === 'paused' && !stopping) {
        whenPaused()
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
