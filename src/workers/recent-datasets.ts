/**
 * The datasets that were opened last, for questions that are asked again and again while a person looks at samples.
 * Opening one reads and checks all of its files.
 */
import { promises as fs } from 'fs'
import type { Dataset } from '../data/dataset'
import { openDataset } from '../data/open-dataset'
import { descriptionFile } from '../data/imported'
import { mostForQuestion } from '../data/memory'
import type { Reading } from '../data/reading'
import { decodeImage } from './decode-image'

/** The one that is predicted, and the source that it is compared with. */
const mostOpen = 2

interface Opened {
  readonly key: string
  readonly dataset: Dataset
}

let opened: readonly Opened[] = []

/** Changes when the dataset is imported again. A dataset at a path is read only once. */
async function keyOf(id: string, datasets: string): Promise<string> {
  const stats = await fs.stat(descriptionFile(datasets, id)).catch(() => null)
  return JSON.stringify([id, datasets, stats?.mtimeMs])
}

/** Throws what `openDataset` throws. */
export async function recentDataset(id: string, datasets: string, reading: Reading): Promise<Dataset> {
  const key = await keyOf(id, datasets)
  const dataset =
    opened.find((one) => one.key === key)?.dataset ??
    (await openDataset(id, datasets, { decode: decodeImage, reading, most: mostForQuestion }))
  opened = [{ key, dataset }, ...opened.filter((one) => one.key !== key)].slice(0, mostOpen)
  return dataset
}
