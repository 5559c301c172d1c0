/**
 * Images and labels in two files side by side, an array each: `kmnist-train-imgs.npz` and `kmnist-train-labels.npz`,
 * `x_train.npy` and `y_train.npy`. Whichever is opened, both are read.
 */
import { promises as fs } from 'fs'
import { basename, dirname, extname, join } from 'path'
import { note } from '../../contract/note'
import type { ArrayEntry, ArrayFile } from './array-file'
import { wordsForLabels, wordsForSamples } from './names'
import { labelCount } from './roles'

interface Companion {
  readonly path: string
  /** What the file holds that was opened. */
  readonly opened: 'samples' | 'labels'
}

const wordsIn = (name: string): string[] => name.toLowerCase().split(/[^a-z\d]+/)

/** Names that differ in one word only, which says what the arrays are. */
function areSides(samples: readonly string[], labels: readonly string[]): boolean {
  if (samples.length !== labels.length) return false
  const differing = samples.flatMap((word, index) => (word === labels[index] ? [] : [index]))
  const [index = -1] = differing
  return (
    differing.length === 1 &&
    wordsForSamples.includes(samples[index] ?? '') &&
    wordsForLabels.includes(labels[index] ?? '')
  )
}

/** Null if there is none, or more than one. */
async function companionOf(path: string): Promise<Companion | null> {
  const ending = extname(path).toLowerCase()
  const plain = (file: string) => wordsIn(basename(file, extname(file)))
  const own = plain(path)
  const others = (await fs.readdir(dirname(path))).filter((name) => extname(name).toLowerCase() === ending)
  const found = others.flatMap((name): Companion[] => {
    const file = join(dirname(path), name)
    if (areSides(own, plain(name))) return [{ path: file, opened: 'samples' }]
    return areSides(plain(name), own) ? [{ path: file, opened: 'labels' }] : []
  })
  return found.length === 1 ? (found[0] ?? null) : null
}

/** The array of a file under the name of the file. */
interface Side {
  readonly arrays: ArrayFile
  readonly inner: string
  readonly entry: ArrayEntry
}

function sideOf(arrays: ArrayFile, path: string): Side | null {
  const [entry] = arrays.entries
  if (arrays.entries.length !== 1 || entry === undefined) return null
  return { arrays, inner: entry.name, entry: { ...entry, name: basename(path, extname(path)) } }
}

/** A file with the other one of its pair, if there is one and its length is right. */
export async function withCompanion(
  path: string,
  open: (path: string) => Promise<ArrayFile>,
): Promise<ArrayFile> {
  const arrays = await open(path)
  const own = sideOf(arrays, path)
  const companion = own && (await companionOf(path))
  if (own === null || companion === null) return arrays
  const other = sideOf(await open(companion.path), companion.path)
  if (other === null) return arrays
  const names = { file: basename(path), joined: basename(companion.path) }
  const [samples, labels] = companion.opened === 'samples' ? [own, other] : [other, own]
  const { shape } = samples.entry
  if (
    companion.opened === 'samples' &&
    ![shape[0], shape[shape.length - 1]].includes(labelCount(labels.entry))
  ) {
    return { ...arrays, notes: [note('file-not-joined', names)] }
  }
  return {
    file: path,
    entries: [samples.entry, labels.entry],
    roles: { samples: samples.entry.name, labels: labels.entry.name },
    notes: [note('files-joined', names)],
    async read(name) {
      const side = name === labels.entry.name ? labels : samples
      return { ...(await side.arrays.read(side.inner)), name }
    },
  }
}
