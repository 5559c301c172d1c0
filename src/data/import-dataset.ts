/** Imports a dataset of the user. */
import { isTaken } from '../contract/dataset-name'
import { labError } from '../contract/errors'
import type { DatasetSummary } from '../contract/dataset'
import { listDatasets, readPath } from './open-dataset'
import type { ImageReading } from './image-folder'
import { checkName, keepDataset } from './imported'
import { listTrashedDatasets } from './trashed'

/**
 * Reads a path, checks it and keeps a copy as `<name>.npz` in the datasets folder, its name in NFC; on any error
 * nothing is written. Throws `dataset-exists`, `dataset-name-invalid` and what reading throws.
 */
export async function importDataset(
  path: string,
  givenName: string,
  datasetsFolder: string,
  by: ImageReading,
): Promise<DatasetSummary> {
  const name = givenName.normalize('NFC')
  checkName(name)
  const taken = (await listDatasets(datasetsFolder)).map((summary) => summary.id)
  if (isTaken(name, taken)) throw labError('dataset-exists', { name })
  const { dataset } = await readPath(path, by)
  by.reading?.(null)
  // Finishes an interrupted move to the trash, whose images may still be here under the same name.
  await listTrashedDatasets(datasetsFolder)
  return keepDataset(dataset, name, datasetsFolder)
}
