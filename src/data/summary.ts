/** The summary of a dataset, counted from its samples. */
import type { DatasetSummary } from '../contract/dataset'
import type { Dataset, SampleTable } from './dataset'
import { countByClass, countSplits } from './partition'
import { commonSize } from './sizes'

type Facts = Pick<DatasetSummary, 'id' | 'title' | 'path' | 'licence'>

/** Total counts by split, from the counts by class. */
export function totals(classCounts: Readonly<Record<string, readonly number[]>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(classCounts).map(([split, counts]) => [split, counts.reduce((sum, n) => sum + n, 0)]),
  )
}

/** Names of numbered classes: 0 to the largest label. */
export function numberedClasses({ train, test }: SampleTable): string[] {
  let most = 0
  for (const set of [train, test]) {
    for (const label of set?.labels ?? []) if (label > most) most = label
  }
  return Array.from({ length: most + 1 }, (_, label) => String(label))
}

/** Width, height and channels of images, or the length of vectors. */
function shapeOf(samples: SampleTable) {
  if (samples.kind === 'vector') {
    return { kind: samples.kind, width: null, height: null, channels: null, length: samples.length }
  }
  const { kind, channels, train, test } = samples
  const [first, second] = [commonSize(train.sizes), test && commonSize(test.sizes)]
  const isOne = test === null || (first?.width === second?.width && first?.height === second?.height)
  const { width, height } = (isOne ? first : null) ?? { width: null, height: null }
  return { kind, width, height, channels, length: null }
}

export function summarise(samples: SampleTable, classNames: string[], facts: Facts): DatasetSummary {
  const count = (labels: Iterable<number>) => countByClass(labels, classNames.length)
  const classCounts = countSplits(
    count(samples.train.labels),
    samples.test === null ? null : count(samples.test.labels),
  )
  return { ...facts, ...shapeOf(samples), classNames, counts: totals(classCounts), classCounts }
}

/** Describes a dataset of the user; its licence is unknown. */
export function describeFile(
  samples: SampleTable,
  classNames: string[],
  path: string,
  title: string,
): Dataset {
  const facts = { id: path, title: title.normalize('NFC'), path, licence: '' }
  return { summary: summarise(samples, classNames, facts), samples }
}
