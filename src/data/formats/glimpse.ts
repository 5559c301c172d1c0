/** What is seen of a path before it is read: the start of a file, or the names in a folder. */
import { promises as fs } from 'fs'
import { readStart, statOf } from '../file'

interface FileGlimpse {
  readonly kind: 'file'
  readonly path: string
  /** Up to `headBytes` from the start of the file. */
  readonly head: Buffer
}

export interface FolderGlimpse {
  readonly kind: 'folder'
  readonly path: string
  readonly names: readonly string[]
}

export type Glimpse = FileGlimpse | FolderGlimpse

const headBytes = 4096

/** Throws `file-not-found`, and what the system refuses. */
export async function glimpseOf(path: string): Promise<Glimpse> {
  const stats = await statOf(path)
  if (stats.isDirectory()) return { kind: 'folder', path, names: await fs.readdir(path) }
  // A pipe or a device may never answer.
  const head = stats.isFile() ? await readStart(path, headBytes) : Buffer.alloc(0)
  return { kind: 'file', path, head }
}
