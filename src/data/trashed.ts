/**
 * The imported datasets in the trash: `<datasets folder>/trash/<name>/` holds the files of a dataset, moved and
 * not copied. The description is moved to the trash first and restored last, so a dataset is always listed in exactly
 * one place.
 */
import { promises as fs } from 'fs'
import { join } from 'path'
import type { TrashedDataset } from '../contract/dataset'
import { move } from '../files/atomic'
import { exists } from '../files/exists'
import { folderNames, namesIn } from '../files/folder'
import { contentFiles, descriptionFile, listImported } from './imported'

export const datasetTrash = (datasets: string): string => join(datasets, 'trash')

/** Sorted by name. Also finishes an interrupted move by moving the other files after their description. */
export async function listTrashedDatasets(datasets: string): Promise<TrashedDataset[]> {
  const found: TrashedDataset[] = []
  for (const name of (await folderNames(datasetTrash(datasets))).sort()) {
    const folder = join(datasetTrash(datasets), name)
    const [dataset] = await listImported(folder)
    if (dataset === undefined) continue
    if (!(await exists(descriptionFile(datasets, dataset.id))))
      await moveContent(dataset.id, datasets, folder)
    found.push({ name, dataset, bytes: await bytesOf(folder) })
  }
  return found
}

/** Moves the files of a dataset besides its description. Missing ones are ignored here; opening reports them. */
export async function moveContent(id: string, from: string, to: string): Promise<void> {
  const destinations = contentFiles(to, id)
  for (const [i, file] of contentFiles(from, id).entries()) {
    const destination = destinations[i]
    if (destination !== undefined && (await exists(file))) await move(file, destination)
  }
}

async function bytesOf(folder: string): Promise<number> {
  const stats = (await namesIn(folder)).map((file) => fs.stat(join(folder, file)))
  return (await Promise.all(stats)).reduce((sum, { size }) => sum + size, 0)
}
