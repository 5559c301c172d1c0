/** Puts images into folders named like their predicted classes. Nothing is ever overwritten. */
import { createHash } from 'crypto'
import { constants, promises as fs } from 'fs'
import { basename, dirname, join, relative, resolve, sep } from 'path'
import { labError } from '../../contract/errors'
import { isTaken } from '../../contract/dataset-name'
import { isFolderName } from '../../contract/folder-name'
import { makeSharedFolder } from '../../files/atomic'
import { fileError, isMissing } from '../../files/file-error'

export interface SortOrder {
  readonly folder: string
  readonly by: 'copy' | 'link'
}

/**
 * Throws `class-not-a-folder` if a class cannot be the name of a folder on every system, and `classes-one-folder` if a
 * system that ignores letter case would put two classes into one.
 */
export function requireFolderNames(classes: readonly string[]): void {
  const unusable = classes.find((name) => !isFolderName(name))
  if (unusable !== undefined) throw labError('class-not-a-folder', { class: unusable })
  classes.forEach((name, index) => {
    const first = classes.slice(0, index).find((other) => isTaken(name, [other]))
    if (first !== undefined) throw labError('classes-one-folder', { first, second: name })
  })
}

async function real(path: string): Promise<string> {
  try {
    return await fs.realpath(path)
  } catch (problem) {
    if (!isMissing(problem) || dirname(path) === path) throw fileError(problem, path)
    return join(await real(dirname(path)), basename(path))
  }
}

/** Throws `sort-inside-samples` if the folder lies in the one that is read: the next call would read the copies. */
export async function requireOutside(folder: string, samples: string): Promise<void> {
  const [inner, outer] = [await real(resolve(folder)), await real(resolve(samples))]
  const way = relative(outer, inner)
  const isInside = way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && resolve(way) !== way)
  if (isInside) throw labError('sort-inside-samples', { folder, samples })
}

/**
 * The path of a sample below the folder of its class: its own path below the folder that was read, so that equal names
 * in several folders stay apart.
 */
function destinationOf({ folder }: SortOrder, className: string, name: string): string {
  const parts = name.split('/').filter((part) => part !== '..' && part !== '.' && part !== '')
  return join(folder, className, ...parts)
}

/** Whether the sample is already there, put by an interrupted call. */
async function isThere(destination: string, file: string, by: SortOrder['by']): Promise<boolean> {
  const stats = await fs.lstat(destination)
  if (by === 'link') return stats.isSymbolicLink() && (await fs.readlink(destination)) === file
  if (!stats.isFile() || stats.size !== (await fs.stat(file)).size) return false
  return (await fs.readFile(destination)).equals(await fs.readFile(file))
}

/**
 * Puts one file into the folder of its class.
 * @param file its path
 * @param name its path relative to the folder that was read
 * @throws `sort-name-taken` if another file is there, and what the system refuses
 */
export async function sortInto(
  order: SortOrder,
  className: string,
  { file, name }: { readonly file: string; readonly name: string },
): Promise<void> {
  const destination = destinationOf(order, className, name)
  const original = resolve(file)
  try {
    await makeSharedFolder(dirname(destination))
    if (await existsItself(destination)) {
      if (await isThere(destination, original, order.by)) return
      throw labError('sort-name-taken', { file: destination })
    }
    if (order.by === 'link') await fs.symlink(original, destination)
    else await copy(original, destination)
  } catch (problem) {
    throw fileError(problem, destination)
  }
}

/** A copy that is cut off must not pass for the image. Its name has a fixed length: that of the image may be the longest. */
async function copy(original: string, place: string): Promise<void> {
  const name = createHash('sha256').update(basename(place)).digest('hex').slice(0, 16)
  const partial = join(dirname(place), `.${name}.part`)
  await requireReadable(original)
  try {
    // Of an interrupted call. A link must not be written through.
    await fs.unlink(partial).catch(() => undefined)
    await fs.copyFile(original, partial, constants.COPYFILE_EXCL)
    await fs.rename(partial, place)
  } catch (problem) {
    await fs.unlink(partial).catch(() => undefined)
    throw problem
  }
}

/** Throws `file-not-found` or `no-permission` with the image itself, not with its place. */
async function requireReadable(original: string): Promise<void> {
  try {
    await fs.access(original, constants.R_OK)
  } catch (problem) {
    throw fileError(problem, original)
  }
}

/** Whether something is at the path, even a link that leads nowhere. */
function existsItself(path: string): Promise<boolean> {
  return fs.lstat(path).then(
    () => true,
    () => false,
  )
}
