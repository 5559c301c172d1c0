/**
 * Files in transfer between a browser and the lab's machine. Uploads are kept in a temporary folder of this server
 * until the lab has imported them, downloads until they are fetched; the rest is deleted with the folder when the
 * server closes. If the server was killed, the next start deletes its folder.
 */
import { randomUUID } from 'crypto'
import { promises as fs } from 'fs'
import { basename, dirname, isAbsolute, join, relative, sep } from 'path'
import { zipSync } from 'fflate'
import { makeTemporaryFolder } from '../checkpoints/temporary-folder'
import { labError } from '../contract/errors'
import { TRANSFERS } from '../contract/host'
import { makeFolder, writeAtomic } from '../files/atomic'
import { partsOf } from '../files/relative-name'

export interface Download {
  readonly name: string
  readonly path: string
}

export interface Transfers {
  /**
   * Reserves a path for an upload. `name` may contain folders; all uploads of one `group` share a folder. `path` is
   * the path of the whole group so far: the common folder of its files, named as on the user's machine.
   */
  reserve(name: string, group: string | null): Promise<{ file: string; path: string }>
  /** A new folder for the output of `export`. */
  outFolder(): Promise<string>
  /** Makes files available for download, several as one archive, and returns their ids. */
  offer(files: readonly string[], name: string): Promise<string[]>
  take(id: string): Download | null
  /** Called when a download has been fetched completely. */
  fetched(id: string): Promise<void>
  /** Removes an upload that the lab no longer needs; other paths are ignored. */
  used(path: string): Promise<void>
  close(): Promise<void>
}

const plainGroup = /^[A-Za-z0-9-]{1,64}$/

function checkedGroup(group: string): string {
  if (!plainGroup.test(group)) throw labError('contract-violation', { where: 'upload', problem: 'group' })
  return group
}

async function archive(files: readonly string[], to: string): Promise<void> {
  const contents: Record<string, Uint8Array> = {}
  for (const file of files) contents[basename(file)] = await fs.readFile(file)
  await writeAtomic(to, zipSync(contents, { level: 0 }))
}

/** @param temporary the folder for temporary files */
export async function createTransfers(temporary?: string): Promise<Transfers> {
  const own = await makeTemporaryFolder(TRANSFERS, temporary)
  const folder = own.path
  const downloads = new Map<string, Download>()
  const uploads = new Set<string>()

  const freshFolder = async (): Promise<string> => {
    const path = join(folder, randomUUID())
    await makeFolder(path)
    return path
  }

  /** Removes the upload's or download's own folder within `folder`; a path outside `folder` is ignored. */
  const remove = async (path: string): Promise<void> => {
    const [inside = ''] = relative(folder, path).split(sep)
    if (inside === '' || inside === '..' || isAbsolute(inside)) return
    await fs.rm(join(folder, inside), { recursive: true, force: true })
  }

  /** For each group's folder, the names at its top level. */
  const tops = new Map<string, Set<string>>()

  function commonFolder(root: string, [top = '', ...below]: readonly string[]): string {
    const all = tops.get(root) ?? new Set<string>()
    // A top-level file has no folder, so the group's common folder is its root.
    all.add(below.length === 0 ? '' : top)
    tops.set(root, all)
    return all.size === 1 ? join(root, ...all) : root
  }

  return {
    async reserve(name, group) {
      const parts = partsOf(name)
      const root = group === null ? await freshFolder() : join(folder, checkedGroup(group))
      const file = join(root, ...parts)
      await makeFolder(dirname(file))
      const path = group === null ? file : commonFolder(root, parts)
      uploads.add(path)
      return { file, path }
    },
    outFolder: freshFolder,
    async offer(files, name) {
      const one = files.length === 1 ? files[0] : undefined
      const path = one ?? join(await freshFolder(), `${name}.zip`)
      if (one === undefined) {
        await archive(files, path)
        for (const file of files) await remove(file)
      }
      const id = randomUUID()
      downloads.set(id, { name: basename(path), path })
      return [id]
    },
    take: (id) => downloads.get(id) ?? null,
    async fetched(id) {
      const { path } = downloads.get(id) ?? {}
      if (path !== undefined && downloads.delete(id)) await remove(path)
    },
    async used(path) {
      if (uploads.delete(path)) await remove(path)
    },
    close: own.remove,
  }
}
