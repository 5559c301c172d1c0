/** Bringing a dataset of one's own into the lab, and removing it again. */
import { labError } from '../contract/errors'
import type { DatasetSummary } from '../contract/lab'
import { builtIns, listDatasets, readPath, type ReadPath, unknownDataset } from './datasets'
import type { ImageReading } from './image-folder'
import { checkName, keepDataset, removeFiles } from './imported'

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
  checkName(name)
  const taken = (await listDatasets(datasetsFolder)).map((summary) => summary.id.toLowerCase())
  if (taken.includes(name.toLowerCase())) throw labError('dataset-exists', { name })
  const { dataset } = await readPath(path, reading)
  return keepDataset(dataset, name, datasetsFolder)
}

/** Removes an imported dataset. Those that come with the lab stay: they are no name that can be removed. */
export async function removeDataset(id: string, datasetsFolder: string): Promise<void> {
  const own = (await listDatasets(datasetsFolder)).filter(
    (summary) => !builtIns.some((set) => set.id === summary.id),
  )
  if (!own.some((summary) => summary.id === id)) throw unknownDataset(id, own)
  await removeFiles(id, datasetsFolder)
}
