/** Where a training waits or ends between two steps, as the person at the controls asks. */
import type { controlActions } from '../contract/training'

export type ControlAction = (typeof controlActions)[number]

/** After which event a training that was let go pauses again. */
type Until = 'paused' | 'step' | 'round' | 'free'

export interface Control {
  act(action: ControlAction): void
  readonly stopping: boolean
  /** The training did a step, or completed a round; a `step` or `round` that was asked for ends here. */
  did(what: 'step' | 'round'): void
  /**
   * Gives way to messages, then resolves when the training may go on: at once, or, while it is paused, when it
   * is continued or stopped. `whenPaused` is called before a wait.
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
      // Messages are taken from the channel only when the event loop turns.
      await new Promise<void>((resolve) => void setImmediate(resolve))
      while (until === 'paused' && !stopping) {
        whenPaused()
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
