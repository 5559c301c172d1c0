/** What lies in a folder, and an end to it. */
import { promises as fs } from 'fs'
import { fileError, isMissing } from './file-error'

/** The names in `folder`, none where it does not exist. Throws `no-permission`, `not-a-folder`. */
export function namesIn(folder: string): Promise<string[]> {
  return fs.readdir(folder).catch((problem: unknown) => {
    if (isMissing(problem)) return []
    throw fileError(problem, folder)
  })
}

/** Deletes a folder with everything in it. */
export async function removeFolder(folder: string): Promise<void> {
  try {
    // Node 12 has no rm; its rmdir can do the same, which later versions took from it.
    if ('rm' in fs) await fs.rm(folder, { recursive: true, force: true })
    else await removeByRmdir(fs, folder)
  } catch (problem) {
    throw fileError(problem, folder)
  }
}

function removeByRmdir(files: Pick<typeof fs, 'rmdir'>, folder: string): Promise<void> {
  return files.rmdir(folder, { recursive: true })
}
