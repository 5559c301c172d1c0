/** The files and folders below a folder, without those that systems and programs leave behind. */
import { promises as fs } from 'fs'
import { join, sep } from 'path'
import { labError } from '../../contract/errors'
import { statOf } from '../file'
import type { ReadingOptions } from '../reading'

export interface FolderNode {
  readonly path: string
  readonly name: string
  /** Names, sorted. */
  readonly files: readonly string[]
  /** Sorted by name. */
  readonly folders: readonly FolderNode[]
}

export interface FolderTree {
  readonly root: FolderNode
  /** Links out of the folder that were followed. */
  readonly links: readonly string[]
}

/** Limit on the files of one tree. */
export const maxFiles = 100_000
const maxDepth = 32

/** Besides names that begin with a dot. */
const leftovers = ['thumbs.db', 'desktop.ini', '__macosx', 'icon\r']

function isLeftover(name: string): boolean {
  return name.startsWith('.') || leftovers.includes(name.toLowerCase())
}

const byNumber = new Intl.Collator('en', { numeric: true })

/** Numbers by value, other names by their characters. */
export function compareNames(a: string, b: string): number {
  return byNumber.compare(a, b) || (a < b ? -1 : 1)
}

/**
 * @throws `link-leads-outside` unless such links are followed, `links-in-a-circle`, `too-many-images`,
 * `folders-too-deep`
 */
export async function readTree(root: string, { choices, reading }: ReadingOptions): Promise<FolderTree> {
  const inside = await fs.realpath(root)
  const links: string[] = []
  let count = 0

  /** Whether a link leads to a folder. The file that it names must lie in the tree, unless the user lets it lead out. */
  async function leadsToFolder(path: string, above: readonly string[]): Promise<boolean> {
    const isFolder = (await statOf(path)).isDirectory()
    const target = await fs.realpath(path)
    if (!target.startsWith(inside + sep)) {
      if (!choices.followLinks) throw labError('link-leads-outside', { file: path, folder: root })
      links.push(path)
    }
    if (isFolder && above.includes(target)) throw labError('links-in-a-circle', { path })
    return isFolder
  }

  async function read(path: string, name: string, above: readonly string[]): Promise<FolderNode> {
    reading?.(path)
    if (above.length > maxDepth) throw labError('folders-too-deep', { folder: path, most: maxDepth })
    const within = [...above, await fs.realpath(path)]
    const entries = (await fs.readdir(path, { withFileTypes: true })).filter(
      (entry) => !isLeftover(entry.name),
    )
    count += entries.length
    if (count > maxFiles) throw labError('too-many-images', { folder: root, most: maxFiles })
    const files: string[] = []
    const folders: string[] = []
    for (const entry of entries) {
      const isFolder = entry.isSymbolicLink()
        ? await leadsToFolder(join(path, entry.name), within)
        : entry.isDirectory()
      ;(isFolder ? folders : files).push(entry.name)
    }
    const nodes: FolderNode[] = []
    for (const folder of folders.sort(compareNames))
      nodes.push(await read(join(path, folder), folder, within))
    return { path, name, files: files.sort(compareNames), folders: nodes }
  }

  return { root: await read(root, '', []), links }
}
