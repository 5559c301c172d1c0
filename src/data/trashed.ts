/**
 * The imported datasets in the trash: `<datasets folder>/trash/<name>/` holds the two files of a dataset, moved and
 * not copied. The description is moved to the trash first and restored last, so a dataset is always listed in exactly
 * one place.
 */
import { promises as fs } from 'fs'
import { join } from 'path'
import type { TrashedDataset } from '../contract/dataset'
import { move } from '../files/atomic'
import { isMissing } from '../files/file-error'
import { folderNames, namesIn } from '../files/folder'
import { descriptionFile, imagesFile, listImported } from './imported'

export const datasetTrash = (datasets: string): string => join(datasets, 'trash')

/** Sorted by name. Also finishes an interrupted move by moving the images after their description. */
export async function listTrashedDatasets(datasets: string): Promise<TrashedDataset[]> {
  const found: TrashedDataset[] = []
  for (const name of (await folderNames(datasetTrash(datasets))).sort()) {
    const folder = join(datasetTrash(datasets), name)
    const [dataset] = await listImported(folder)
    if (dataset === undefined) continue
    if (!(await exists(descriptionFile(datasets, dataset.id)))) await moveImages(dataset.id, datasets, folder)
    found.push({ name, dataset, bytes: await bytesOf(folder) })
  }
  return found
}

/** Missing images are ignored here; opening the dataset reports them. */
export async function moveImages(id: string, from: string, to: string): Promise<void> {
  if (await exists(imagesFile(from, id))) await move(imagesFile(from, id), imagesFile(to, id))
}

async function exists(path: string): Promise<boolean> {
  try {
    await fs.access(path)
    return true
  } catch (problem) {
    if (isMissing(problem)) return false
    throw problem
  }
}

async function bytesOf(folder: string): Promise<number> {
  const stats = (await namesIn(folder)).map((file) => fs.stat(join(folder, file)))
  return (await Promise.all(stats)).reduce((sum, { size }) => sum + size, 0)
}
