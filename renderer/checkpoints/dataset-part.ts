/** The part of a dataset that a checkpoint is evaluated on. */
import { countsOfClasses } from '../../src/contract/classes'
import type { DatasetSummary } from '../../src/contract/dataset'
import type { Domain } from '../../src/contract/experiment'
import type { Part } from '../../src/contract/use-in-training'

type Selection = Pick<Domain, 'partition' | 'split'>

const partOf = ({ partition, split }: Selection): Part => `${partition}/${split}`

/**
 * The first part with images of every class, and if there is none, the first part. The test images of the run's own
 * partition come first, then its training images: not every dataset has test images, and not every class has images in
 * each part.
 */
export function firstPart(
  summary: Pick<DatasetSummary, 'classNames' | 'counts' | 'classCounts'>,
  partition: Domain['partition'],
  classes: Domain['classes'],
): Part | null {
  const partitions: Domain['partition'][] =
    partition === 'original' ? ['original', 'pooled'] : ['pooled', 'original']
  const existing = partitions
    .flatMap((one): Selection[] => [
      { partition: one, split: 'test' },
      { partition: one, split: 'train' },
    ])
    .filter((one) => summary.counts[partOf(one)] !== undefined)
  const hasAll = (one: Selection) => countsOfClasses(classes, one, summary).every((count) => count > 0)
  const first = existing.find(hasAll) ?? existing[0]
  return first === undefined ? null : partOf(first)
}
