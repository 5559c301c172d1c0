/** The summary of a dataset, counted from its images. */
import type { DatasetSummary } from '../contract/dataset'
import type { Dataset, ImageTable } from './dataset'
import { countByClass, countSplits } from './partition'

type Facts = Pick<DatasetSummary, 'id' | 'title' | 'path' | 'licence'>

/** Total counts by split, from the counts by class. */
export function totals(classCounts: Readonly<Record<string, readonly number[]>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(classCounts).map(([split, counts]) => [split, counts.reduce((sum, n) => sum + n, 0)]),
  )
}

/** Names of numbered classes: 0 to the largest label. */
export function numberedClasses(images: ImageTable): string[] {
  let most = 0
  for (const set of [images.train, images.test]) {
    for (const label of set?.labels ?? []) if (label > most) most = label
  }
  return Array.from({ length: most + 1 }, (_, label) => String(label))
}

export function summarise(images: ImageTable, classNames: string[], facts: Facts): DatasetSummary {
  const count = (labels: Iterable<number>) => countByClass(labels, classNames.length)
  const classCounts = countSplits(
    count(images.train.labels),
    images.test === null ? null : count(images.test.labels),
  )
  const { width, height, channels } = images
  return { ...facts, width, height, channels, classNames, counts: totals(classCounts), classCounts }
}

/** Describes a dataset of the user; its licence is unknown. */
export function describeFile(images: ImageTable, classNames: string[], path: string, title: string): Dataset {
  const facts = { id: path, title: title.normalize('NFC'), path, licence: '' }
  return { summary: summarise(images, classNames, facts), images }
}
