/** How many bytes lie in a folder. */
import { promises as fs } from 'fs'
import { join } from 'path'
import { fileError, isMissing } from '../files/file-error'
import { namesIn } from '../files/folder'
import { remembering } from './remember'
import { checkpointsFolder, viewsFolder } from './run-folder'

/** Bytes of all files below `folder`; a file that goes away meanwhile counts nothing. Links are not followed. */
export function bytesIn(folder: string): Promise<number> {
  return bytesBelow(folder, bytesIn)
}

/** The same for a run, without looking again at each of its many checkpoints and views. */
export function bytesOfRun(folder: string): Promise<number> {
  return bytesBelow(folder, (inside) => {
    if (inside === checkpointsFolder(folder)) return bytesOfCheckpoints(inside)
    return inside === viewsFolder(folder) ? bytesOfViews(inside) : bytesIn(inside)
  })
}

/** Files only come whole there, by a rename, which changes the folder. */
const bytesOfCheckpoints = remembering(bytesIn)

/** Of each folder of views, by name: the view of a round that is done again is as long, but for some digits. */
const knownViews = new Map<string, Map<string, number>>()

/**
 * A long run gains a view each second: only those that are new are looked at, and of the others no more is made
 * than their names, 2,000 of them a second.
 */
const bytesOfViews = remembering(async (folder) => {
  const known = knownViews.get(folder) ?? new Map<string, number>()
  knownViews.set(folder, known)
  let bytes = 0
  for (const name of await namesIn(folder)) {
    const size = known.get(name) ?? (await bytesOfFile(join(folder, name)))
    known.set(name, size)
    bytes += size
  }
  return bytes
})

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
