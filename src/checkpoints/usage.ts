/** How many bytes lie in a folder. */
import { promises as fs } from 'fs'
import { join } from 'path'
import { fileError, isMissing } from '../files/file-error'
import { remembering } from './remember'
import { checkpointsFolder, viewsFolder } from './run-folder'

/** Bytes of all files below `folder`; a file that goes away meanwhile counts nothing. Links are not followed. */
export function bytesIn(folder: string): Promise<number> {
  return bytesBelow(folder, bytesIn)
}

/** The same for a run, without looking again at each of its many checkpoints and views. */
export function bytesOfRun(folder: string): Promise<number> {
  const settled = [checkpointsFolder(folder), viewsFolder(folder)]
  return bytesBelow(folder, (inside) => (settled.includes(inside) ? settledBytes(inside) : bytesIn(inside)))
}

/** For folders whose files only come whole, by a rename, which changes the folder. */
const settledBytes = remembering(bytesIn)

async function bytesBelow(folder: string, ofFolder: (inside: string) => Promise<number>): Promise<number> {
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch((problem: unknown) => {
    if (isMissing(problem)) return []
    throw fileError(problem, folder)
  })
  const sizes = entries.map((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? ofFolder(path) : bytesOfFile(path)
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
