/** Moves imported datasets to the trash, restores them, and deletes them permanently. */
import { join } from 'path'
import { isTaken } from '../contract/dataset-name'
import { labError } from '../contract/errors'
import { knownName } from '../contract/known-name'
import { nearest } from '../contract/nearest'
import { makeFolder, move } from '../files/atomic'
import { namesIn, removeFolder } from '../files/folder'
import { builtIns, listDatasets, unknownDataset } from './open-dataset'
import { descriptionFile } from './imported'
import { datasetTrash, listTrashedDatasets, moveContent } from './trashed'

/** Returns the dataset's name in the trash. Throws `unknown-dataset`, also for built-in datasets. */
export async function trashDataset(given: string, datasets: string): Promise<string> {
  const own = (await listDatasets(datasets)).filter(
    (set) => !builtIns.some((builtIn) => builtIn.id === set.id),
  )
  const ids = own.map((set) => set.id)
  const id = knownName(given, ids)
  if (!ids.includes(id)) throw unknownDataset(given, own)
  const name = await freeName(id, datasets)
  const folder = join(datasetTrash(datasets), name)
  await makeFolder(folder)
  await move(descriptionFile(datasets, id), descriptionFile(folder, id))
  await moveContent(id, datasets, folder)
  return name
}

/**
 * Restores a dataset, given its name in the trash. Returns its id.
 * @throws `dataset-not-in-trash`, `dataset-exists` (another dataset has its name by now)
 */
export async function restoreDataset(given: string, datasets: string): Promise<string> {
  const trashed = await listTrashedDatasets(datasets)
  const names = trashed.map((one) => one.name)
  const name = knownName(given, names)
  const found = trashed.find((one) => one.name === name)
  if (found === undefined) {
    throw labError('dataset-not-in-trash', { name: given, nearest: nearest(given, names) })
  }
  const { id } = found.dataset
  const others = (await listDatasets(datasets)).map((set) => set.id)
  if (isTaken(id, others)) throw labError('dataset-exists', { name: id })
  const folder = join(datasetTrash(datasets), name)
  await moveContent(id, folder, datasets)
  await move(descriptionFile(folder, id), descriptionFile(datasets, id))
  await removeFolder(folder)
  return id
}

/** Deletes these datasets permanently. Returns the number of bytes freed. */
export async function deleteTrashedDatasets(names: readonly string[], datasets: string): Promise<number> {
  const trashed = (await listTrashedDatasets(datasets)).filter(({ name }) => names.includes(name))
  for (const { name } of trashed) await removeFolder(join(datasetTrash(datasets), name))
  return trashed.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** The trash may already contain a dataset of this name: `name`, `name~2`, `name~3` ... */
async function freeName(id: string, datasets: string): Promise<string> {
  const taken = await namesIn(datasetTrash(datasets))
  let name = id
  for (let copy = 2; isTaken(name, taken); copy++) name = `${id}~${copy}`
  return name
}
