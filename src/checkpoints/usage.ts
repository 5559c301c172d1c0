/** How many bytes lie in a folder. */
import { promises as fs } from 'fs'
import { dirname, join } from 'path'
import { fileError, isMissing } from '../files/file-error'
import { namesIn } from '../files/folder'
import { remembering } from './remember'
import { checkpointsFolder, viewPath, viewRoundOf, viewsFolder } from './run-folder'

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

/** Of a folder of views: their bytes, up to but without the view of round `next`. */
interface Counted {
  readonly bytes: number
  readonly next: number
}
const countedViews = new Map<string, Counted>()

/**
 * A long run gains a view each second: where only the next ones have come, the thousands before them are not looked at
 * again. That of a round which is done again is as long, but for some digits.
 */
const bytesOfViews = remembering(async (views) => {
  const before = countedViews.get(views)
  const counted = (before && (await withNext(views, before))) ?? (await countViews(views))
  countedViews.set(views, counted)
  return counted.bytes
})

/** Null where the view of round `next` has not come: something else has changed. */
async function withNext(views: string, before: Counted): Promise<Counted | null> {
  let { bytes, next } = before
  for (;;) {
    const size = await bytesOfFile(viewPath(dirname(views), next))
    if (size === 0) return next === before.next ? null : { bytes, next }
    bytes += size
    next += 1
  }
}

async function countViews(views: string): Promise<Counted> {
  const names = await namesIn(views)
  const sizes = await Promise.all(names.map((name) => bytesOfFile(join(views, name))))
  const last = names.reduce((most, name) => Math.max(most, viewRoundOf(name) ?? most), -1)
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), next: last + 1 }
}

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
