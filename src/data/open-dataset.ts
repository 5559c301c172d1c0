/**
 * Opens every kind of dataset: built-in ones by id, the user's imported ones by name, and others by path. A name with
 * a path separator is a path.
 */
import { promises as fs } from 'fs'
import { basename, extname, resolve } from 'path'
import { labError } from '../contract/errors'
import type { DatasetSummary } from '../contract/dataset'
import { knownName } from '../contract/known-name'
import { nearest } from '../contract/nearest'
import { holdsNpy, readNpyFolder, readNpz } from './array-dataset'
import { type BuiltIn, readBuiltIn, summariseBuiltIn } from './built-in'
import type { Dataset } from './dataset'
import { statOf } from './file'
import { holdsIdx, readIdxFolder } from './idx-folder'
import { type DecodeImage, type ImageReading, readImageFolder } from './image-folder'
import { listImported, openImported } from './imported'
import { mnist } from './mnist'
import type { Reading } from './reading'
import { describeArrays, factsOf, summarise } from './summary'
import { listTrashedDatasets } from './trashed'
import { usps } from './usps'

export const builtIns: readonly BuiltIn[] = [mnist, usps]

/** The dataset at a path, and its images that could not be decoded. */
export interface ReadPath {
  readonly dataset: Dataset
  readonly skipped: string[]
}

export function isPath(id: string): boolean {
  return /[/\\]/.test(id)
}

/** The built-in datasets, then the user's by name. Only their descriptions are read. */
export async function listDatasets(datasetsFolder: string): Promise<DatasetSummary[]> {
  return [...builtIns.map(summariseBuiltIn), ...(await listImported(datasetsFolder))]
}

/** Whether a path is read as a folder of images. Throws `file-not-found`. */
export async function isImageFolder(path: string): Promise<boolean> {
  if (!(await statOf(path)).isDirectory()) return false
  const files = await fs.readdir(path)
  return !holdsIdx(files) && !holdsNpy(files)
}

async function readFolder(path: string, reading: ImageReading | null): Promise<ReadPath> {
  const title = basename(resolve(path))
  const files = await fs.readdir(path)
  if (holdsIdx(files) || holdsNpy(files)) {
    const samples = await (holdsIdx(files) ? readIdxFolder(path) : readNpyFolder(path))
    return { dataset: describeArrays(samples, path, title), skipped: [] }
  }
  if (reading === null) throw labError('images-not-imported', { folder: path })
  const { images, classNames, reduced, skipped } = await readImageFolder(path, reading)
  const summary = summarise(images, classNames, factsOf(path, title, reduced))
  return { dataset: { summary, samples: images }, skipped }
}

/**
 * The dataset at a path: an .npz, or a folder of IDX files, of .npy files or of images by class. Folders of images
 * need a `reading`. Throws `file-not-found`, `unknown-format`, and what each format throws.
 */
export async function readPath(path: string, reading: ImageReading | null): Promise<ReadPath> {
  if ((await statOf(path)).isDirectory()) return readFolder(path, reading)
  if (extname(path).toLowerCase() !== '.npz') throw labError('unknown-format', { file: path })
  const title = basename(path, extname(path))
  return { dataset: describeArrays(await readNpz(path), path, title), skipped: [] }
}

/** The error for a name that no dataset has. */
export function unknownDataset(name: string, summaries: readonly DatasetSummary[]) {
  const names = summaries.map((summary) => summary.id)
  return labError('unknown-dataset', { name, nearest: nearest(name, names) })
}

/** How to read the dataset at a path. */
export interface PathReading {
  /** Needed only for a folder of images. */
  readonly decode?: DecodeImage | undefined
  readonly reading?: Reading | undefined
  /** Bytes of pixels that are read into memory; of more, parts are read when needed. Default: `mostResident`. */
  readonly most?: number | undefined
}

/**
 * Throws `dataset-in-trash` if a dataset of this name is in the trash, otherwise `unknown-dataset` with the nearest
 * name.
 */
export async function refuseMissing(name: string, datasetsFolder: string): Promise<never> {
  const trashed = await listTrashedDatasets(datasetsFolder)
  if (trashed.some(({ dataset }) => dataset.id === name)) throw labError('dataset-in-trash', { name })
  throw unknownDataset(name, await listDatasets(datasetsFolder))
}

/** Reads a dataset. Throws what `refuseMissing` throws. */
export async function openDataset(
  id: string,
  datasetsFolder: string,
  by: PathReading = {},
): Promise<Dataset> {
  const builtIn = builtIns.find((set) => set.id === id)
  if (builtIn !== undefined) {
    return { summary: summariseBuiltIn(builtIn), samples: await readBuiltIn(builtIn) }
  }
  if (isPath(id)) return openPath(id, by)
  const imported =
    (await openImported(id, datasetsFolder, by.most)) ??
    (await openImported(id.normalize('NFC'), datasetsFolder, by.most))
  return imported ?? refuseMissing(id, datasetsFolder)
}

async function openPath(path: string, { decode, reading }: PathReading): Promise<Dataset> {
  reading?.(path)
  const { dataset } = await readPath(
    path,
    decode === undefined ? null : { decode, skipUndecodable: false, reading },
  )
  reading?.(null)
  return dataset
}

/** The summary of a dataset; a dataset named by path is read for it. */
export async function summaryOf(
  id: string,
  datasetsFolder: string,
  by: PathReading = {},
): Promise<DatasetSummary> {
  if (isPath(id)) return (await openDataset(id, datasetsFolder, by)).summary
  const summaries = await listDatasets(datasetsFolder)
  const ids = summaries.map((summary) => summary.id)
  const summary = summaries[ids.indexOf(knownName(id, ids))]
  return summary ?? refuseMissing(id, datasetsFolder)
}
