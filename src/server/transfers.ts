/**
 * Files on their way between a browser and the lab's machine. Uploads wait in a folder of this server's own
 * until the lab has made something of its own of them, downloads until they are fetched; what nobody comes back for
 * goes with the folder, when the server does. A server that was killed leaves its folder to the next one's start.
 */
import { randomUUID } from 'crypto'
import { promises as fs } from 'fs'
import { basename, dirname, isAbsolute, join, relative, sep } from 'path'
import { zipSync } from 'fflate'
import { makeTemporaryFolder } from '../checkpoints/temporary-folder'
import { labError } from '../contract/errors'
import { makeFolder, writeAtomic } from '../files/atomic'

export interface Download {
  readonly name: string
  readonly path: string
}

export interface Transfers {
  /**
   * A fresh place for an upload; `name` may hold folders, and one `group` shares one folder. `path` is what the group is so
   * far: the folder that all of it lies in, under the name that it has on the other machine.
   */
  reserve(name: string, group: string | null): Promise<{ file: string; path: string }>
  /** A folder that `export` may write into. */
  outFolder(): Promise<string>
  /** Makes files fetchable, several as one archive, and gives their ids. */
  offer(files: readonly string[], name: string): Promise<string[]>
  take(id: string): Download | null
  /** A download was fetched whole. */
  fetched(id: string): Promise<void>
  /** The lab needs what lies there no more; of a path that is no upload's, nothing is removed. */
  used(path: string): Promise<void>
  close(): Promise<void>
}

/** What every system takes as a file name: the page may run on another one than the lab. */
const plainName = /^[^\\/:*?"<>|\0]{1,200}$/u
const maxDepth = 8
const plainGroup = /^[A-Za-z0-9-]{1,64}$/

/** The parts of an uploaded name, each harmless as a file name. Throws `upload-name-unusable`, `upload-too-deep`. */
function partsOf(name: string): string[] {
  const parts = name.split('/')
  if (parts.length > maxDepth) throw labError('upload-too-deep', { file: name, max: maxDepth })
  const harmless = parts.every((part) => plainName.test(part) && part !== '.' && part !== '..')
  if (!harmless) throw labError('upload-name-unusable', { file: name })
  return parts
}

function checkedGroup(group: string): string {
  if (!plainGroup.test(group)) throw labError('contract-violation', { where: 'upload', problem: 'group' })
  return group
}

async function archive(files: readonly string[], to: string): Promise<void> {
  const contents: Record<string, Uint8Array> = {}
  for (const file of files) contents[basename(file)] = await fs.readFile(file)
  await writeAtomic(to, zipSync(contents, { level: 0 }))
}

/** @param temporary where temporary files lie */
export async function createTransfers(temporary?: string): Promise<Transfers> {
  const own = await makeTemporaryFolder('dalab-transfers-', temporary)
  const folder = own.path
  const downloads = new Map<string, Download>()
  const uploads = new Set<string>()

  const freshFolder = async (): Promise<string> => {
    const path = join(folder, randomUUID())
    await makeFolder(path)
    return path
  }

  /** Each upload and each download lies in one folder of this one; whatever lies elsewhere stays. */
  const remove = async (path: string): Promise<void> => {
    const [inside = ''] = relative(folder, path).split(sep)
    if (inside === '' || inside === '..' || isAbsolute(inside)) return
    await fs.rm(join(folder, inside), { recursive: true, force: true })
  }

  /** By the group's folder, the folders and files at its top. */
  const tops = new Map<string, Set<string>>()

  function commonFolder(root: string, [top = '', ...below]: readonly string[]): string {
    const all = tops.get(root) ?? new Set<string>()
    // A file that lies in no folder is beside whatever else comes.
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
