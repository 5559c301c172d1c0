/** Puts images into folders named like their predicted classes. Nothing is ever overwritten. */
import { promises as fs } from 'fs'
import { basename, dirname, join, relative, resolve, sep } from 'path'
import { labError } from '../../contract/errors'
import { isFolderName } from '../../contract/folder-name'
import { makeSharedFolder } from '../../files/atomic'
import { fileError, isMissing } from '../../files/file-error'

export interface SortOrder {
  readonly folder: string
  readonly by: 'copy' | 'link'
}

/** Throws `class-not-a-folder` if a class cannot be the name of a folder on every system. */
export function requireFolderNames(classes: readonly string[]): void {
  const unusable = classes.find((name) => !isFolderName(name))
  if (unusable !== undefined) throw labError('class-not-a-folder', { class: unusable })
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
    if (order.by === 'link') return await fs.symlink(original, destination)
    // A copy that is cut off must not pass for the image.
    const partial = join(dirname(destination), `.${basename(destination)}.part`)
    await fs.copyFile(original, partial)
    await fs.rename(partial, destination)
  } catch (problem) {
    throw fileError(problem, destination)
  }
}

/** Whether something is at the path, even a link that leads nowhere. */
function existsItself(path: string): Promise<boolean> {
  return fs.lstat(path).then(
    () => true,
    () => false,
  )
}
