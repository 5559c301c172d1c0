/**
 * Store of messages that belong to no control of the page: actions that can be undone, and errors of menus, opened
 * files and background reading. Each is one line in a strip below the page. An error of a control is shown at the
 * control (parts/action.ts).
 */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { toErrorMessage, type ErrorMessage } from '../../src/contract/errors'
import { useNavigation } from './navigation'

export interface Notice {
  readonly id: number
  readonly error: ErrorMessage | null
  /** A function, so that the line follows a change of language. */
  readonly text: () => string
  readonly undo: (() => Promise<void>) | null
  /** Identifies the action that failed; a new attempt at the same action removes the error. */
  readonly about: string
  /** Whether the error stays when the page changes, as for background reading, which belongs to no page. */
  readonly stays: boolean
}

const maxAtOnce = 3
const secondsShown = 12

export const useNotices = defineStore('notices', () => {
  const navigation = useNavigation()
  const notices = ref<readonly Notice[]>([])
  let next = 0

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id)
  }

  function add(notice: Omit<Notice, 'id'>): number {
    const id = next++
    notices.value = [...notices.value, { ...notice, id }].slice(-maxAtOnce)
    return id
  }

  function keep(thrown: unknown, about: string, stays: boolean): void {
    const error = toErrorMessage(thrown)
    const same = notices.value.find((notice) => JSON.stringify(notice.error) === JSON.stringify(error))
    if (same === undefined) add({ error, text: () => '', undo: null, about, stays })
  }

  /** Shows an error on the current page until it is dismissed. */
  function report(about: string, error: unknown): void {
    keep(error, about, false)
  }

  function say(text: () => string, undo: (() => Promise<void>) | null = null): void {
    const id = add({ error: null, text, undo, about: '', stays: true })
    setTimeout(() => dismiss(id), secondsShown * 1000)
  }

  function drop(isOver: (notice: Notice) => boolean): void {
    if (notices.value.some(isOver)) notices.value = notices.value.filter((notice) => !isOver(notice))
  }

  /** Runs an action that has no control on the page. */
  async function attempt(about: string, action: () => Promise<unknown>): Promise<void> {
    drop((notice) => notice.error !== null && notice.about === about)
    try {
      await action()
    } catch (error) {
      report(about, error)
    }
  }

  /** Runs a background read. */
  async function read(about: string, action: () => Promise<unknown>): Promise<void> {
    try {
      await action()
      drop((notice) => notice.error !== null && notice.about === about)
    } catch (error) {
      keep(error, about, true)
    }
  }

  watch(
    () => navigation.page,
    () => drop(({ error, stays }) => error !== null && !stays),
  )

  return { notices, report, say, dismiss, attempt, read }
})
