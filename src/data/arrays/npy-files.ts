/** Arrays that are files of their own. */
import { promises as fs } from 'fs'
import { basename, extname, join } from 'path'
import { labError } from '../../contract/errors'
import { refuseUnbounded } from '../../files/read'
import { decodeNumpy, headerBytes } from '../codecs/numpy-array'
import { maxBytes } from '../dataset'
import { readStart, readWhole } from '../file'
import type { ArrayEntry, ArrayFile } from './array-file'
import { meaningOf } from './names'
import { entryOf } from './npz-file'

/** More files than this are not the arrays of a dataset. */
const maxFiles = 1000

const isNpy = (name: string): boolean => extname(name).toLowerCase() === '.npy'
const nameOf = (file: string): string => basename(file, extname(file))
const visible = (names: readonly string[]): string[] => names.filter((name) => !name.startsWith('.'))

/** Whether a folder with these files is read as the arrays of a dataset. */
export function holdsNpy(names: readonly string[]): boolean {
  const seen = visible(names)
  const arrays = seen.filter(isNpy)
  if (arrays.length === 0) return false
  return arrays.length === seen.length || arrays.some((name) => meaningOf(nameOf(name))?.holds === 'samples')
}

async function startOf(path: string): Promise<Buffer> {
  await refuseUnbounded(path, maxBytes)
  return readStart(path, headerBytes)
}

/** The arrays together have at most `maxBytes`. */
async function filesAsArrays(file: string, paths: readonly string[]): Promise<ArrayFile> {
  const entries: ArrayEntry[] = []
  for (const path of paths) entries.push(entryOf(nameOf(path), await startOf(path)))
  let taken = 0
  return {
    file,
    entries,
    async read(name) {
      const path = paths.find((one) => nameOf(one) === name)
      if (path === undefined) throw labError('unknown-array', { file, name, nearest: '' })
      const bytes = await readWhole(path, taken)
      taken += bytes.length
      return decodeNumpy(bytes, path, name)
    },
  }
}

export const openNpyFile = (path: string): Promise<ArrayFile> => filesAsArrays(path, [path])

/** Throws `npz-too-many-arrays`. */
export async function openNpyFolder(folder: string): Promise<ArrayFile> {
  const names = visible(await fs.readdir(folder))
    .filter(isNpy)
    .sort()
  if (names.length > maxFiles) throw labError('npz-too-many-arrays', { file: folder, most: maxFiles })
  return filesAsArrays(
    folder,
    names.map((name) => join(folder, name)),
  )
}
