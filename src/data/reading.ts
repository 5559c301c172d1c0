/** How a path of the user is read. */
import type { Choices } from '../contract/reading'

/** Called with each file or folder before it is read, and with null when reading has finished. */
export type Reading = (path: string | null) => void

/** Called with the number of images that were read, and of all. */
export type OnImageRead = (done: number, total: number) => void

export interface ReadingOptions {
  readonly choices: Choices
  readonly reading?: Reading | undefined
  readonly progress?: OnImageRead | undefined
}
