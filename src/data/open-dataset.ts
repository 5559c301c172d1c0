/**
 * Opens every kind of dataset: built-in ones by id, the user's imported ones by name, and others by path. A name with
 * a path separator is a path.
 */
import { labError } from '../contract/errors'
import type { DatasetSummary } from '../contract/dataset'
import { noChoices } from '../contract/reading'
import { knownName } from '../contract/known-name'
import { nearest } from '../contract/nearest'
import { type BuiltIn, readBuiltIn, summariseBuiltIn } from './built-in'
import type { Dataset } from './dataset'
import { readPath } from './formats/read'
import type { DecodeImage } from './image-folder'
import { listImported, openImported } from './imported'
import { mnist } from './mnist'
import type { Reading } from './reading'
import { listTrashedDatasets } from './trashed'
import { usps } from './usps'

export const builtIns: readonly BuiltIn[] = [mnist, usps]

export function isPath(id: string): boolean {
  return /[/\\]/.test(id)
}

/** The built-in datasets, then the user's by name. Only their descriptions are read. */
export async function listDatasets(datasetsFolder: string): Promise<DatasetSummary[]> {
  return [...builtIns.map(summariseBuiltIn), ...(await listImported(datasetsFolder))]
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
    const samples = await readBuiltIn(builtIn)
    return { summary: summariseBuiltIn(builtIn), samples, digest: builtIn.id }
  }
  if (isPath(id)) return openPath(id, by)
  const imported =
    (await openImported(id, datasetsFolder, by.most)) ??
    (await openImported(id.normalize('NFC'), datasetsFolder, by.most))
  return imported ?? refuseMissing(id, datasetsFolder)
}

async function openPath(path: string, { decode, reading }: PathReading): Promise<Dataset> {
  reading?.(path)
  const dataset = await readPath(path, { choices: noChoices, decode, reading })
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
