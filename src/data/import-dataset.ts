/** Imports a dataset of the user. */
import { isTaken } from '../contract/dataset-name'
import { labError } from '../contract/errors'
import type { DatasetSummary } from '../contract/dataset'
import { trashDataset } from './dataset-trash'
import { changesSince } from './folder-changes'
import { readSamples, recogniseFormat } from './formats/read'
import type { ImageReading } from './image-folder'
import { checkName, type StagedDataset, stageArrays, stagePictures } from './imported'
import { keepLabels, labelsToKeep } from './kept-labels'
import { changingLabels } from './changing-labels'
import { readLabelTable } from './labels'
import { builtIns, listDatasets } from './open-dataset'
import { listTrashedDatasets } from './trashed'

export interface ImportOptions extends ImageReading {
  /** Whether a dataset of this name is moved to the trash; otherwise it is an error. */
  readonly replace?: boolean
}

/** The dataset that has this name in any letter case. */
async function holderOf(name: string, datasets: string): Promise<string | null> {
  const ids = (await listDatasets(datasets)).map(({ id }) => id)
  return ids.find((id) => isTaken(name, [id])) ?? null
}

/** Throws `dataset-exists`, or `dataset-changed` if the path is the dataset's folder and has changed. */
async function refuseTaken(
  { holder, name, path }: { readonly holder: string; readonly name: string; readonly path: string },
  datasets: string,
  by: ImportOptions,
): Promise<void> {
  const isBuiltIn = builtIns.some(({ id }) => id === holder)
  if (by.replace === true && !isBuiltIn) return
  const changes = isBuiltIn ? null : await changesSince(path, holder, datasets, by)
  if (changes !== null) throw labError('dataset-changed', { name: holder, ...changes })
  throw labError('dataset-exists', { name })
}

async function stage(path: string, name: string, folder: string, by: ImageReading): Promise<StagedDataset> {
  const target = { name, folder, path }
  const { format, title } = await recogniseFormat(path)
  if (format.holds === 'images') return stagePictures(await format.list(path, by), by, target)
  const dataset = await readSamples(path, title, format, by)
  by.reading?.(null)
  return stageArrays(dataset, target)
}

/**
 * Reads a path, checks it and keeps a copy in the datasets folder, its name in NFC; on any error there is nothing new,
 * and a dataset to be replaced is in its place. Labels of a replaced dataset are kept where files are the same.
 * @throws `dataset-exists`, `dataset-changed`, `dataset-name-invalid`, `dataset-beyond-disk`
 * and what reading throws
 */
export async function importDataset(
  path: string,
  givenName: string,
  datasets: string,
  by: ImportOptions,
): Promise<DatasetSummary> {
  const name = givenName.normalize('NFC')
  checkName(name)
  const holder = await holderOf(name, datasets)
  if (holder !== null) await refuseTaken({ holder, name, path }, datasets, by)
  // A table that cannot be read is refused before minutes of reading.
  if (holder !== null) await readLabelTable(holder, datasets)
  const staged = await stage(path, name, datasets, by)
  try {
    return await (holder === null ? place(staged, datasets) : replace(holder, staged, name, datasets))
  } catch (error) {
    await staged.drop()
    throw error
  }
}

async function place(staged: StagedDataset, datasets: string): Promise<DatasetSummary> {
  // Finishes an interrupted move to the trash, whose files may still be here under the same name.
  await listTrashedDatasets(datasets)
  return staged.place()
}

/** Labels that are given while the new dataset is read are kept too. */
function replace(
  holder: string,
  staged: StagedDataset,
  name: string,
  datasets: string,
): Promise<DatasetSummary> {
  return changingLabels(holder, datasets, async () => {
    const labels = await labelsToKeep(holder, datasets)
    await trashDataset(holder, datasets)
    const summary = await place(staged, datasets)
    const kept = labels === null ? [] : await keepLabels(labels, name, datasets)
    return { ...summary, notes: [...summary.notes, ...kept] }
  })
}
