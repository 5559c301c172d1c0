/**
 * What belongs to no control of the page: deeds that can be undone, and errors of menus, opened files and background
 * reading. One line each, in a strip of its own below the page. What goes wrong at a control is shown there (parts/deed.ts).
 */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { toErrorMessage, type ErrorMessage } from '../../src/contract/errors'
import { useNavigation } from './navigation'

export interface Notice {
  readonly id: number
  readonly error: ErrorMessage | null
  readonly text: string
  readonly undo: (() => Promise<void>) | null
  /** The reading whose next success takes the error away; null for an error of the page, which leaves with it. */
  readonly reading: string | null
}

const mostAtOnce = 3
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
    notices.value = [...notices.value, { ...notice, id }].slice(-mostAtOnce)
    return id
  }

  /** Stays on this page until it is dismissed; that of a reading, until the reading succeeds. */
  function report(error: unknown, reading: string | null = null): void {
    const message = toErrorMessage(error)
    const same = notices.value.find((notice) => JSON.stringify(notice.error) === JSON.stringify(message))
    if (same === undefined) add({ error: message, text: '', undo: null, reading })
  }

  function say(text: string, undo: (() => Promise<void>) | null = null): void {
    const id = add({ error: null, text, undo, reading: null })
    setTimeout(() => dismiss(id), secondsShown * 1000)
  }

  function drop(isOver: (notice: Notice) => boolean): void {
    if (notices.value.some(isOver)) notices.value = notices.value.filter((notice) => !isOver(notice))
  }

  const isOfPage = ({ error, reading }: Notice): boolean => error !== null && reading === null

  /** A deed without a control on the page. What was wrong with the one before it is over. */
  async function attempt(deed: () => Promise<unknown>): Promise<void> {
    drop(isOfPage)
    try {
      await deed()
    } catch (error) {
      report(error)
    }
  }

  /** Reading in the background, by a name of its own. */
  async function read(reading: string, deed: () => Promise<unknown>): Promise<void> {
    try {
      await deed()
      drop((notice) => notice.reading === reading)
    } catch (error) {
      report(error, reading)
    }
  }

  watch(
    () => navigation.page,
    () => drop(isOfPage),
  )

  return { notices, report, say, dismiss, attempt, read }
})
