/**
 * Files that are whole or not there: written under a temporary name, synced, renamed, folder synced.
 *
 * Not the package write-file-atomic: it makes one write call and does not look at how much of it was written,
 * so that a disk which fills up half-way leaves a file cut short under the final name; it does not sync the
 * folder; and its signal-exit listens to every signal and wraps `process.emit`, while stopping on a signal is
 * the trainer's own business.
 */
import { promises as fs } from 'fs'
import { basename, dirname, join } from 'path'
import { labError } from '../contract/errors'
import { fileError, hasCode, knownAs } from './file-error'
import { namesIn, privateMode, removeFolder } from './folder'

let written = 0

/** Of a file: one piece, or several that follow each other. */
type Content = Uint8Array | string | readonly Uint8Array[]

/**
 * Puts `content` at `path`, in place of what was there. On any failure the old file stays as it was.
 * @throws `no-permission`, `disk-full`, `file-not-found` (the folder), each naming `path`
 */
export async function writeAtomic(path: string, content: Content): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${++written}.tmp`)
  try {
    await writeSynced(temporary, content)
    await fs.rename(temporary, path)
    await syncFolder(dirname(path))
  } catch (problem) {
    await fs.unlink(temporary).catch(() => undefined)
    throw fileError(problem, path)
  }
}

/**
 * Makes a folder that is there with everything that `fill` puts into it, or not at all.
 * @param fill is given the hidden folder that becomes it
 * @throws `already-there`, `no-permission`, `disk-full`, each with the path under `folder`, and what `fill` throws
 */
export async function writeFolder(folder: string, fill: (making: string) => Promise<void>): Promise<void> {
  const making = join(dirname(folder), `.${basename(folder)}.${process.pid}-${++written}.unfinished`)
  // An export is for whomever its user likes.
  await makePath(dirname(folder), 0o777)
  try {
    await fs.mkdir(making)
    await fill(making)
    await move(making, folder, folder)
  } catch (problem) {
    await removeFolder(making).catch(() => undefined)
    if (hasCode(problem, 'ENOTEMPTY') || hasCode(problem, 'EEXIST')) {
      throw labError('already-there', { path: folder })
    }
    throw knownAs(fileError(problem, folder), making, folder)
  }
}

/** Text as `writeAtomic` writes it. */
export function writeJson(path: string, value: unknown): Promise<void> {
  return writeAtomic(path, `${JSON.stringify(value, null, 2)}\n`)
}

/**
 * Renames a file or folder, so that a power cut does not forget it.
 * @param known the path by which the user knows it, for errors
 * @throws `no-permission`, `disk-full`, `file-not-found`
 */
export async function move(from: string, to: string, known = from): Promise<void> {
  try {
    await fs.rename(from, to)
    await syncFolder(dirname(to))
  } catch (problem) {
    throw fileError(problem, known)
  }
}

/**
 * Makes a folder and those above it, where they are missing, for this user alone: they hold the user's images and what
 * was learnt from them.
 * @throws `no-permission`, `disk-full`, `not-a-folder`
 */
export function makeFolder(folder: string): Promise<void> {
  return makePath(folder, privateMode)
}

/** Node's own `recursive` never ends where the system makes no folder below one that is there, as in /proc. */
async function makePath(folder: string, mode: number): Promise<void> {
  try {
    if (await isFolder(folder)) return
    const above = dirname(folder)
    if (above !== folder) await makePath(above, mode)
    await fs.mkdir(folder, mode)
  } catch (problem) {
    // Made by another process meanwhile.
    if (hasCode(problem, 'EEXIST') && (await isFolder(folder))) return
    // What lies above is there by now: here nothing can be made.
    if (hasCode(problem, 'ENOENT')) throw labError('no-permission', { path: folder })
    throw fileError(problem, folder)
  }
}

/** Throws `not-a-folder` where something else is there. */
async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await fs.stat(path)).isDirectory()) return true
  } catch (problem) {
    if (hasCode(problem, 'ENOENT')) return false
    throw problem
  }
  throw labError('not-a-folder', { path })
}

/** Removes what a killed writer left in `folder`. Only for the one process that writes there. */
export async function removeLeftovers(folder: string): Promise<void> {
  const leftovers = (await namesIn(folder)).filter((name) => /^\..+\.\d+-\d+\.tmp$/.test(name))
  await Promise.all(leftovers.map((name) => fs.unlink(join(folder, name))))
}

const partsOf = (content: Content): readonly (Uint8Array | string)[] =>
  typeof content === 'string' || content instanceof Uint8Array ? [content] : content

async function writeSynced(path: string, content: Content): Promise<void> {
  const file = await fs.open(path, 'wx')
  try {
    // Each goes on where the one before it ended.
    for (const part of partsOf(content)) await file.writeFile(part)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Without this a power cut may forget the rename. Windows cannot open a folder, and needs none of this. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await fs.open(folder, 'r')
  try {
    await handle.sync()
  } catch (problem) {
    // Some network file systems refuse to sync a folder; the file itself is synced by then.
    if (!hasCode(problem, 'EINVAL') && !hasCode(problem, 'ENOTSUP')) throw problem
  } finally {
    await handle.close()
  }
}
