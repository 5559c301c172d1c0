/**
 * Puts files that were dropped together into one folder, since a dataset is one path. The files are linked, or copied
 * if they are on another disk. The folder is deleted when the lab closes; if the lab was killed, when the next one
 * makes such a folder.
 */
import { constants, promises as fs } from 'fs'
import { dirname, join } from 'path'
import { makeTemporaryFolder, type TemporaryFolder } from '../checkpoints/temporary-folder'
import { labError } from '../contract/errors'
import { TRANSFERS } from '../contract/host'
import type { CommandInput, CommandOutput } from '../contract/lab'
import { makeFolder } from '../files/atomic'
import { hasCode } from '../files/file-error'
import { refuseUnbounded } from '../files/read'
import { partsOf } from '../files/relative-name'

export interface Gathering {
  /** Throws `upload-name-unusable`, `upload-too-deep`, `upload-name-twice`, and what the system refuses. */
  gather(order: CommandInput<'gatherFiles'>): Promise<CommandOutput<'gatherFiles'>>
  close(): Promise<void>
}

/**
 * Links or copies a file to a new path. Of a link, the file that it leads to is taken: a link's own target may be
 * relative. An existing file is never written to: it may be a hard link to another file of the user.
 */
async function place(path: string, to: string, name: string): Promise<void> {
  const file = await fs.realpath(path)
  await refuseUnbounded(file, Infinity)
  try {
    await fs.link(file, to).catch(() => fs.copyFile(file, to, constants.COPYFILE_EXCL))
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw labError('upload-name-twice', { file: name })
    throw error
  }
}

export function createGathering(): Gathering {
  let made: Promise<TemporaryFolder> | null = null

  return {
    async gather({ name, files }) {
      made ??= makeTemporaryFolder(TRANSFERS)
      const folder = join(await fs.mkdtemp(join((await made).path, 'together-')), ...partsOf(name))
      for (const { path, name: inside } of files) {
        const to = join(folder, ...partsOf(inside))
        await makeFolder(dirname(to))
        await place(path, to, inside)
      }
      return { path: folder }
    },
    async close() {
      await (await made)?.remove()
    },
  }
}
