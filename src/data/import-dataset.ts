/** Bringing a dataset of one's own into the lab. */
import { isTaken } from '../contract/dataset-name'
import { labError } from '../contract/errors'
import type { DatasetSummary } from '../contract/lab'
import { listDatasets, readPath, type ReadPath } from './datasets'
import type { ImageReading } from './image-folder'
import { keepDataset } from './imported'
import { listTrashedDatasets } from './trashed'

/** What importing a path would bring, with nothing kept. */
export function previewDataset(path: string, reading: ImageReading): Promise<ReadPath> {
  return readPath(path, reading)
}

/**
 * Reads a path, checks it and keeps a copy as `<name>.npz` in the datasets folder; nothing is written where
 * anything is wrong. Throws `dataset-exists`, `dataset-name-invalid` and what reading throws.
 */
export async function importDataset(
  path: string,
  name: string,
  datasetsFolder: string,
  reading: ImageReading,
): Promise<DatasetSummary> {
  const taken = (await listDatasets(datasetsFolder)).map((summary) => summary.id)
  if (isTaken(name, taken)) throw labError('dataset-exists', { name })
  const { dataset } = await readPath(path, reading)
  // Finishes an interrupted move to the trash, whose images would lie under this very name.
  await listTrashedDatasets(datasetsFolder)
  return keepDataset(dataset, name, datasetsFolder)
}
