/**
 * A folder for files that last as long as this process at most. One that a killed process left behind is removed when
 * the next of its kind is made: each has a lock that names its owner.
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
 * @param prefix which kind of folder it is; its name begins with it
 * @param parent where temporary files lie
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
 * Other users may write where temporary files lie, so only a folder of this user's is looked into. One without a lock
 * stays: its owner is just making it. A failure here is no failure of what is made.
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
  // Windows has no such ids; there the folder for temporary files is the user's own.
  return process.getuid === undefined || stat.uid === process.getuid()
}

async function isLocked(folder: string): Promise<boolean> {
  return (await namesIn(folder)).includes(basename(lockPath(folder)))
}
