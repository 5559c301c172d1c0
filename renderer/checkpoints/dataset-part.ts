/** The part of a dataset that a checkpoint is evaluated on, and whether training used its images. */
import { countsOfClasses } from '../../src/contract/classes'
import type { DatasetSummary } from '../../src/contract/dataset'
import type { Domain, Experiment } from '../../src/contract/experiment'

/** Partition and split, such as `original/test`: a key of the dataset's `classCounts`. */
export type Part = string

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

/** How training used images: with labels, without labels, or some of them with or without labels. */
export type Use = 'labels' | 'noLabels' | 'someLabels' | 'someNoLabels'

interface Evaluated {
  readonly dataset: string
  readonly part: Part
  readonly classes: Domain['classes']
}

/** How much of the evaluated images a domain takes. The two partitions mix training and test images. */
function takenBy(domain: Domain, { dataset, part, classes }: Evaluated): 'all' | 'some' | 'none' {
  const shared = classes.filter((name) => domain.classes.includes(name))
  if (domain.dataset !== dataset || shared.length === 0) return 'none'
  const [partition, split] = part.split('/')
  if (domain.partition !== partition) return 'some'
  if (domain.split !== split) return 'none'
  return shared.length === classes.length && domain.count === 'all' && domain.rarest === 1 ? 'all' : 'some'
}

/** How the run's training used the evaluated images; null if it did not. */
export function useInTraining(
  { source, target, adaptation }: Pick<Experiment, 'source' | 'target' | 'adaptation'>,
  evaluated: Evaluated,
): Use | null {
  const bySource = takenBy(source, evaluated)
  if (bySource !== 'none') return bySource === 'all' ? 'labels' : 'someLabels'
  const byTarget = takenBy(target, evaluated)
  if (byTarget === 'none') return null
  if (adaptation.shots > 0) return 'someLabels'
  return byTarget === 'all' ? 'noLabels' : 'someNoLabels'
}
