/** Files that were dropped or chosen together: a dataset is one file or one folder. */
import type { BroughtFile } from './client'

/** The names at the top: of the files themselves, or of the folders that they are in. */
export function topsOf(files: readonly BroughtFile[]): string[] {
  return [...new Set(files.map(({ name }) => name.split('/')[0] ?? ''))]
}

/** Shorter beginnings say nothing. */
const leastShared = 3

/** A name for a folder of these: what their names begin with, as `digits` for `digits-images.npy` and `digits-labels.npy`. */
export function sharedName(names: readonly string[]): string {
  const [first = '', ...others] = names
  let length = 0
  while (length < first.length && others.every((other) => other[length] === first[length])) length++
  const shared = first
    .slice(0, length)
    .replace(/[\s._-]+$/u, '')
    .replace(/^[\s._-]+/u, '')
  return shared.length < leastShared ? 'dataset' : shared
}

/** Files of one file or folder as they are; others below one common folder. */
export function together(files: readonly BroughtFile[]): readonly BroughtFile[] {
  const tops = topsOf(files)
  if (tops.length === 1) return files
  const folder = sharedName(tops)
  return files.map(({ file, name }) => ({ file, name: `${folder}/${name}` }))
}
