/**
 * A folder for files that exist at most as long as this process. A folder left by a killed process is removed when the
 * next of its kind is created: each has a lock that names its owner.
 */
import { promises as fs } from 'fs'
import { tmpdir } from 'os'
import { basename, join } from 'path'
import { namesIn, removeFolder } from '../files/folder'
import { acquireLock, lockHolder } from './lock'
import { lockPath } from './run-folder'

export interface TemporaryFolder {
  readonly path: string
  remove(): Promise<void>
}

/**
 * @param prefix the kind of folder, with which its name begins
 * @param parent the system's folder for temporary files
 */
export async function makeTemporaryFolder(prefix: string, parent = tmpdir()): Promise<TemporaryFolder> {
  await removeAbandoned(prefix, parent)
  const locked = await fs.mkdtemp(join(parent, prefix))
  await acquireLock(locked)
  const path = join(locked, 'files')
  await fs.mkdir(path)
  return { path, remove: () => removeFolder(locked) }
}

/**
 * Other users may write into the folder for temporary files, so only this user's folders are opened. One without a
 * lock stays: its owner is just creating it. An error here does not fail the creation of the new folder.
 */
async function removeAbandoned(prefix: string, parent: string): Promise<void> {
  const names = (await namesIn(parent)).filter((name) => name.startsWith(prefix))
  for (const folder of names.map((name) => join(parent, name))) {
    const isAbandoned =
      (await isOwn(folder)) && (await isLocked(folder)) && (await lockHolder(folder)) === null
    if (isAbandoned) await removeFolder(folder).catch(() => undefined)
  }
}

async function isOwn(folder: string): Promise<boolean> {
  const stat = await fs.lstat(folder).catch(() => null)
  if (stat === null || !stat.isDirectory()) return false
  // Windows has no user ids; its folder for temporary files belongs to the user.
  return process.getuid === undefined || stat.uid === process.getuid()
}

async function isLocked(folder: string): Promise<boolean> {
  return (await namesIn(folder)).includes(basename(lockPath(folder)))
}
