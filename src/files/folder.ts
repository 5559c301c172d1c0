/** Lists, creates and deletes folders. */
import { existsSync, mkdirSync, promises as fs } from 'fs'
import { dirname } from 'path'
import { fileError, hasCode } from './file-error'

/** The mode of a folder that other users of the machine cannot open. */
export const privateMode = 0o700

/**
 * The names in `folder`; empty if it does not exist.
 * @throws `no-permission`; `not-a-folder` if `folder` or one of its parents is a file
 */
export function namesIn(folder: string): Promise<string[]> {
  return fs.readdir(folder).catch((problem: unknown) => {
    if (hasCode(problem, 'ENOENT')) return []
    throw fileError(problem, folder)
  })
}

/**
 * The names of the folders in `parent`, like `namesIn`; hidden folders are excluded, as the lab does not create them.
 */
export async function folderNames(parent: string): Promise<string[]> {
  const entries = await fs.readdir(parent, { withFileTypes: true }).catch((problem: unknown) => {
    if (hasCode(problem, 'ENOENT')) return []
    throw fileError(problem, parent)
  })
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name)
}

/** Synchronous `makeFolder`, for logs and crash reports. Throws the system's error. */
export function makeFolderSync(folder: string): void {
  if (existsSync(folder)) return
  if (dirname(folder) !== folder) makeFolderSync(dirname(folder))
  try {
    mkdirSync(folder, { mode: privateMode })
  } catch (problem) {
    // Created by another process meanwhile.
    if (!hasCode(problem, 'EEXIST')) throw problem
  }
}

/** Deletes a folder and everything in it. */
export async function removeFolder(folder: string): Promise<void> {
  try {
    // Node 12 has no `rm`, but its `rmdir` has the option `recursive`, which later versions removed.
    if (!('rm' in fs)) return await removeByRmdir(fs, folder)
    // eslint-disable-next-line n/no-unsupported-features/node-builtins -- Node 12 has none, and is asked above
    await fs.rm(folder, { recursive: true, force: true })
  } catch (problem) {
    throw fileError(problem, folder)
  }
}

function removeByRmdir(files: Pick<typeof fs, 'rmdir'>, folder: string): Promise<void> {
  // oxlint-disable-next-line typescript/no-deprecated -- Node 12 has nothing else
  return files.rmdir(folder, { recursive: true })
}
