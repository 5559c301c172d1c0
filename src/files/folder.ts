/** What lies in a folder, and an end to it. */
import { existsSync, mkdirSync, promises as fs } from 'fs'
import { dirname } from 'path'
import { fileError, hasCode } from './file-error'

/** Of a folder that other users of the machine may not open. */
export const privateMode = 0o700

/** The names in `folder`, none where it does not exist. Throws `no-permission`; `not-a-folder` where it, or what it lies in, is a file. */
export function namesIn(folder: string): Promise<string[]> {
  return fs.readdir(folder).catch((problem: unknown) => {
    if (hasCode(problem, 'ENOENT')) return []
    throw fileError(problem, folder)
  })
}

/** As `makeFolder`, for what cannot wait: logs and crash reports. Throws what the system says. */
export function makeFolderSync(folder: string): void {
  if (existsSync(folder)) return
  if (dirname(folder) !== folder) makeFolderSync(dirname(folder))
  try {
    mkdirSync(folder, privateMode)
  } catch (problem) {
    // Made by another process meanwhile.
    if (!hasCode(problem, 'EEXIST')) throw problem
  }
}

/** Deletes a folder with everything in it. */
export async function removeFolder(folder: string): Promise<void> {
  try {
    // Node 12 has no rm; its rmdir can do the same, which later versions took from it.
    if ('rm' in fs) await fs.rm(folder, { recursive: true, force: true })
    else await removeByRmdir(fs, folder)
  } catch (problem) {
    throw fileError(problem, folder)
  }
}

function removeByRmdir(files: Pick<typeof fs, 'rmdir'>, folder: string): Promise<void> {
  return files.rmdir(folder, { recursive: true })
}
