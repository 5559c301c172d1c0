/**
 * Atomic writes: a file is either complete or absent. It is written under a temporary name, synced and renamed; then
 * the folder is synced.
 *
 * The package write-file-atomic is not used: it makes one write call and ignores how much was written, so that a full
 * disk leaves a truncated file under the final name; it does not sync the folder; and its signal-exit handles every
 * signal and wraps `process.emit`, although the trainer itself handles signals.
 */
import { promises as fs } from 'fs'
import { basename, dirname, join } from 'path'
import { labError } from '../contract/errors'
import { fileError, hasCode, knownAs } from './file-error'
import { namesIn, privateMode, removeFolder } from './folder'

let written = 0

/** A name for a file that is renamed to `path` when it is complete. `removeLeftoversOf` finds it after a crash. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}-${++written}.tmp`)
}

/** The content of a file: one piece, or several in sequence. */
type Content = Uint8Array | string | readonly Uint8Array[]

/**
 * Writes `content` to `path`, replacing an existing file. On failure the old file stays unchanged.
 * @throws `no-permission`, `disk-full`, `file-not-found` (the folder), each with `path`
 */
export async function writeAtomic(path: string, content: Content): Promise<void> {
  const temporary = temporaryBeside(path)
  try {
    await writeSynced(temporary, content)
    await fs.rename(temporary, path)
    await syncFolder(dirname(path))
  } catch (problem) {
    await fs.unlink(temporary).catch(() => undefined)
    throw fileError(problem, path)
  }
}

/** A file that is written piece by piece under a temporary name. Errors name the final path. */
export interface Unfinished {
  write(piece: Uint8Array | string): Promise<void>
  /** Syncs the content to disk; nothing can be written afterwards. */
  seal(): Promise<void>
  /** Gives the sealed file its name, replacing an existing file. */
  place(): Promise<void>
  /** Deletes the temporary file, if it is not placed yet. */
  drop(): Promise<void>
}

/**
 * Begins the file `path`. It exists after `seal` and `place`, complete.
 * @throws `no-permission`, `disk-full`, `file-not-found` (the folder), each with `path`; so do its functions
 */
export async function beginFile(path: string): Promise<Unfinished> {
  const temporary = temporaryBeside(path)
  const known = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act()
    } catch (problem) {
      throw fileError(problem, path)
    }
  }
  const file = await known(() => fs.open(temporary, 'wx'))
  let isOpen = true
  const close = async () => {
    if (isOpen) await file.close()
    isOpen = false
  }
  return {
    // Each write continues where the previous one ended.
    write: (piece) => known(() => file.writeFile(piece)),
    seal: () =>
      known(async () => {
        await file.sync()
        await close()
      }),
    place: () =>
      known(async () => {
        await fs.rename(temporary, path)
        await syncFolder(dirname(path))
      }),
    async drop() {
      await close().catch(() => undefined)
      await fs.unlink(temporary).catch(() => undefined)
    },
  }
}

/**
 * Writes `content` to `path`, which must not exist yet.
 * @throws `already-there`, and what `writeAtomic` throws
 */
export async function writeNew(path: string, content: Content): Promise<void> {
  const temporary = temporaryBeside(path)
  try {
    await writeSynced(temporary, content)
    // Two processes may write to one path: only one of them can create the file that the rename replaces.
    await (await fs.open(path, 'wx')).close()
    await fs.rename(temporary, path)
    await syncFolder(dirname(path))
  } catch (problem) {
    await fs.unlink(temporary).catch(() => undefined)
    if (hasCode(problem, 'EEXIST')) throw labError('already-there', { path })
    throw fileError(problem, path)
  }
}

/**
 * Creates a folder atomically, with everything that `fill` writes into it.
 * @param fill receives the hidden folder that is renamed to `folder`
 * @throws `already-there`, `no-permission`, `disk-full`, each with the path under `folder`, and what `fill` throws
 */
export async function writeFolder(folder: string, fill: (making: string) => Promise<void>): Promise<void> {
  const making = join(dirname(folder), `.${basename(folder)}.${process.pid}-${++written}.unfinished`)
  // Other users may be allowed to read exports, as the umask permits.
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

/** Writes a value as JSON with `writeAtomic`. */
export function writeJson(path: string, value: unknown): Promise<void> {
  return writeAtomic(path, `${JSON.stringify(value, null, 2)}\n`)
}

/**
 * Renames a file or folder durably: a power cut cannot undo it.
 * @param known the path that the user knows, for errors
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
 * Creates a folder and its missing parents, accessible to this user only: they contain the user's images and models
 * trained on them.
 * @throws `no-permission`, `disk-full`, `not-a-folder`
 */
export function makeFolder(folder: string): Promise<void> {
  return makePath(folder, privateMode)
}

/** The same, for results that other users may read, as the umask permits. */
export function makeSharedFolder(folder: string): Promise<void> {
  return makePath(folder, 0o777)
}

/** Node's own `recursive` never ends if the system refuses to create a folder in an existing one, as in /proc. */
async function makePath(folder: string, mode: number): Promise<void> {
  try {
    if (await isFolder(folder)) return
    const above = dirname(folder)
    if (above !== folder) await makePath(above, mode)
    await fs.mkdir(folder, { mode })
  } catch (problem) {
    // Created by another process meanwhile.
    if (hasCode(problem, 'EEXIST') && (await isFolder(folder))) return
    // The parent exists by now, so nothing can be created in it.
    if (hasCode(problem, 'ENOENT')) throw labError('no-permission', { path: folder })
    throw fileError(problem, folder)
  }
}

/** Throws `not-a-folder` if the path is something else. */
async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await fs.stat(path)).isDirectory()) return true
  } catch (problem) {
    if (hasCode(problem, 'ENOENT')) return false
    throw problem
  }
  throw labError('not-a-folder', { path })
}

async function temporaryFiles(folder: string): Promise<string[]> {
  const names = (await namesIn(folder)).filter((name) => /^\..+\.\d+-\d+\.tmp$/.test(name))
  return names.map((name) => join(folder, name))
}

/** Removes temporary files of a killed writer from `folder`. Only for the one process that writes there. */
export async function removeLeftovers(folder: string): Promise<void> {
  await Promise.all((await temporaryFiles(folder)).map((path) => fs.unlink(path)))
}

/** Removes temporary files of these processes, which have ended, from `folder`. */
export async function removeLeftoversOf(folder: string, processes: readonly number[]): Promise<void> {
  const isOfThem = (path: string) => processes.some((pid) => path.includes(`.${pid}-`))
  for (const path of (await temporaryFiles(folder).catch(() => [])).filter(isOfThem)) {
    await fs.unlink(path).catch(() => undefined)
  }
}

/** In ms; writing one file never takes this long. */
const abandonedAfter = 3_600_000

/** Removes temporary files of killed writers from `folder`, in which other processes may be writing. */
export async function removeOldLeftovers(folder: string): Promise<void> {
  for (const path of await temporaryFiles(folder)) {
    const { mtimeMs } = await fs.stat(path).catch(() => ({ mtimeMs: Infinity }))
    if (Date.now() - mtimeMs > abandonedAfter) await fs.unlink(path).catch(() => undefined)
  }
}

const partsOf = (content: Content): readonly (Uint8Array | string)[] =>
  typeof content === 'string' || content instanceof Uint8Array ? [content] : content

async function writeSynced(path: string, content: Content): Promise<void> {
  const file = await fs.open(path, 'wx')
  try {
    // Each write continues where the previous one ended.
    for (const part of partsOf(content)) await file.writeFile(part)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Without this a power cut may undo the rename. Windows cannot open a folder, and does not need this. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await fs.open(folder, 'r')
  try {
    await handle.sync()
  } catch (problem) {
    // Some network file systems refuse to sync a folder; the file itself is already synced.
    if (!hasCode(problem, 'EINVAL') && !hasCode(problem, 'ENOTSUP')) throw problem
  } finally {
    await handle.close()
  }
}
