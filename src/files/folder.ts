/** What lies in a folder. */
import { promises as fs } from 'fs'
import { fileError, isMissing } from './file-error'

/** The names in `folder`, none where it does not exist. Throws `no-permission`, `not-a-folder`. */
export function namesIn(folder: string): Promise<string[]> {
  return fs.readdir(folder).catch((problem: unknown) => {
    if (isMissing(problem)) return []
    throw fileError(problem, folder)
  })
}
