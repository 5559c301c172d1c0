import { promises as fs } from 'fs'
import { isMissing } from './file-error'

/** Whether there is a file or folder at a path. Passes on errors that leave it open, such as a missing permission. */
export async function exists(path: string): Promise<boolean> {
  try {
    await fs.access(path)
    return true
  } catch (problem) {
    if (isMissing(problem)) return false
    throw problem
  }
}
