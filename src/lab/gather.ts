/**
 * Puts files that were dropped together into one folder, since a dataset is one path. The files are linked, or copied
 * if they are on another disk. The folder is deleted when the lab closes; if the lab was killed, when the next one
 * makes such a folder.
 */
import { promises as fs } from 'fs'
import { dirname, join } from 'path'
import { makeTemporaryFolder, type TemporaryFolder } from '../checkpoints/temporary-folder'
import { TRANSFERS } from '../contract/host'
import type { CommandInput, CommandOutput } from '../contract/lab'
import { makeFolder } from '../files/atomic'
import { partsOf } from '../files/relative-name'

export interface Gathering {
  /** Throws `upload-name-unusable`, `upload-too-deep`, and what the system refuses. */
  gather(order: CommandInput<'gatherFiles'>): Promise<CommandOutput<'gatherFiles'>>
  close(): Promise<void>
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
        await fs.link(path, to).catch(() => fs.copyFile(path, to))
      }
      return { path: folder }
    },
    async close() {
      await (await made)?.remove()
    },
  }
}
