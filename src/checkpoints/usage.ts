/** How many bytes lie in a folder. */
import { promises as fs } from 'fs'
import { join } from 'path'
import { fileError, isMissing } from './file-error'

/** Bytes of all files below `folder`; a file that goes away meanwhile counts nothing. Links are not followed. */
export async function bytesIn(folder: string): Promise<number> {
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch((problem: unknown) => {
    if (isMissing(problem)) return []
    throw fileError(problem, folder)
  })
  const sizes = entries.map((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? bytesIn(path) : bytesOfFile(path)
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

async function bytesOfFile(path: string): Promise<number> {
  try {
    return (await fs.lstat(path)).size
  } catch (problem) {
    if (isMissing(problem)) return 0
    throw fileError(problem, path)
  }
}
