/** What is done by one control: whether it is under way, and what went wrong, to be shown beside that control. */
import { ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { toErrorMessage, type ErrorMessage } from '../../src/contract/errors'

export interface Action {
  readonly busy: Readonly<Ref<boolean>>
  /** Of the last attempt; null when it went well, is under way, or is about something that has changed since. */
  readonly error: Readonly<ShallowRef<ErrorMessage | null>>
  /** False where it went wrong. */
  attempt(action: () => Promise<unknown>): Promise<boolean>
  clear(): void
}

/** @param about what the action depends on: an error goes when this changes */
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

  // By value: objects are read anew although nothing of them has changed.
  if (about !== undefined) watch(() => JSON.stringify(about()), clear)
  return { busy, error, attempt, clear }
}
