/** State of an action that belongs to one control: whether it is running, and its error, shown next to the control. */
import { ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { toErrorMessage, type ErrorMessage } from '../../src/contract/errors'

export interface Action {
  readonly busy: Readonly<Ref<boolean>>
  /** Of the last attempt; null if it succeeded, is running, or its subject has changed since. */
  readonly error: Readonly<ShallowRef<ErrorMessage | null>>
  /** False if the action failed. */
  attempt(action: () => Promise<unknown>): Promise<boolean>
  clear(): void
}

/** @param about what the action depends on; a change of it clears the error */
export function useAction(about?: () => unknown): Action {
  const error = shallowRef<ErrorMessage | null>(null)
  const busy = ref(false)
  let latest = 0

  function clear(): void {
    error.value = null
  }

  async function attempt(action: () => Promise<unknown>): Promise<boolean> {
    const mine = ++latest
    clear()
    busy.value = true
    try {
      await action()
      return true
    } catch (problem) {
      if (mine === latest) error.value = toErrorMessage(problem)
      return false
    } finally {
      if (mine === latest) busy.value = false
    }
  }

  // Compares by value, because objects are reloaded without changes.
  if (about !== undefined) watch(() => JSON.stringify(about()), clear)
  return { busy, error, attempt, clear }
}
