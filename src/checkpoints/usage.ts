/** Counts the bytes in a folder. */
import { promises as fs } from 'fs'
import { dirname, join } from 'path'
import { fileError, isMissing } from '../files/file-error'
import { namesIn } from '../files/folder'
import { remembering } from './remember'
import { checkpointsFolder, viewPath, viewRoundOf, viewsFolder } from './run-folder'

/** Bytes of all files below `folder`; files deleted meanwhile count as 0. Links are not followed. */
export function bytesIn(folder: string): Promise<number> {
  return bytesBelow(folder, bytesIn)
}

/** The same for a run, without reading the size of each of its many checkpoints and views again. */
export function bytesOfRun(folder: string): Promise<number> {
  return bytesBelow(folder, (inside) => {
    if (inside === checkpointsFolder(folder)) return bytesOfCheckpoints(inside)
    return inside === viewsFolder(folder) ? bytesOfViews(inside) : bytesIn(inside)
  })
}

/** Checkpoints are added by renaming complete files, which changes the folder. */
const bytesOfCheckpoints = remembering(bytesIn)

/** The bytes of a folder of views, up to but excluding the view of round `next`. */
interface Counted {
  readonly bytes: number
  readonly next: number
}
const countedViews = new Map<string, Counted>()

/**
 * A long run gains a view each second. If only the next views were added, the earlier ones are not read again; the
 * view of a repeated round has the same length but for a few digits.
 */
const bytesOfViews = remembering(async (views) => {
  const before = countedViews.get(views)
  const counted = (before && (await withNext(views, before))) ?? (await countViews(views))
  countedViews.set(views, counted)
  return counted.bytes
})

/** Returns null if the view of round `next` does not exist, so something else has changed. */
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
