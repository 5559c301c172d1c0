/** How a path of the user is read. */
import type { Choices } from '../contract/reading'

/** Called with each file or folder before it is read, and with null when reading has finished. */
export type Reading = (path: string | null) => void

/** Called after each file with the number of files that were read and, if it is known, of all. */
export type ReadingProgress = (done: number, total: number | null) => void

export interface ReadingOptions {
  readonly choices: Choices
  readonly reading?: Reading | undefined
  readonly progress?: ReadingProgress | undefined
}
