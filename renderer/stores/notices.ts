/** What the page has to say: problems, and deeds that can be undone. One line each, at the foot of the page. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { toErrorMessage, type ErrorMessage } from '../../src/contract/errors'

export interface Notice {
  readonly id: number
  readonly error: ErrorMessage | null
  readonly text: string
  readonly undo: (() => Promise<void>) | null
}

const mostAtOnce = 3
const secondsShown = 12

export const useNotices = defineStore('notices', () => {
  const notices = ref<readonly Notice[]>([])
  let next = 0

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id)
  }

  function add(notice: Omit<Notice, 'id'>): number {
    const id = next++
    notices.value = [...notices.value, { ...notice, id }].slice(-mostAtOnce)
    return id
  }

  /** A problem stays until it is dismissed. */
  function report(error: unknown): void {
    const message = toErrorMessage(error)
    const same = notices.value.find((notice) => JSON.stringify(notice.error) === JSON.stringify(message))
    if (same === undefined) add({ error: message, text: '', undo: null })
  }

  function say(text: string, undo: (() => Promise<void>) | null = null): void {
    const id = add({ error: null, text, undo })
    setTimeout(() => dismiss(id), secondsShown * 1000)
  }

  /** Runs a deed; what goes wrong is reported and answered with false. */
  async function attempt(deed: () => Promise<unknown>): Promise<boolean> {
    try {
      await deed()
      return true
    } catch (error) {
      report(error)
      return false
    }
  }

  return { notices, report, say, dismiss, attempt }
})
