/** Draws the samples of a domain from its dataset. */
import { positionOfClass } from '../contract/classes'
import type { DatasetSummary } from '../contract/dataset'
import type { Domain } from '../contract/experiment'
import { checkDomain } from './check-domain'
import { type Dataset, type SampleTable, unknownLabel } from './dataset'
import { poolOf, splitIndices } from './partition'
import { stream } from './random'
import { keptOfEach } from './rarity'

export interface Drawn {
  /** `[count]`, each an index into the domain's `classes`, or `unknownLabel`. */
  readonly labels: Int32Array
  /** `[count]`: each sample's index in the dataset, counting the training samples and then the test samples. */
  readonly indices: Int32Array
  readonly count: number
}

/** The label of a sample at a dataset index, or `other` for a class that the domain does not have. */
type LabelOf = (index: number) => number | 'other'

/**
 * Samples of the domain's split and classes are shuffled with the domain's seed, and the first `count` are taken. A
 * smaller count therefore gives a subset of a larger one. Throws what `checkDomain` throws.
 */
export function drawn(domain: Domain, { samples, summary }: Dataset): Drawn {
  checkDomain(domain, domain.dataset, summary)
  const labelOf = labelling(domain, summary, samples)
  const candidates = splitIndices(samples, domain.partition, domain.split).filter((index) => {
    const label = labelOf(index)
    return label === 'other' ? false : label !== unknownLabel || domain.unlabelled
  })
  const order = stream(domain.seed, 'draw')
    .permutation(candidates.length)
    .map((position) => candidates[position] ?? 0)
  const kept = someOfEach(domain, order, labelOf)
  const indices = kept.subarray(0, domain.count === 'all' ? kept.length : domain.count)
  return { indices, labels: indices.map((index) => Number(labelOf(index))), count: indices.length }
}

/** A label is an index in the domain's `classes`, or `unknownLabel`. */
function labelling(
  { classes }: Pick<Domain, 'classes'>,
  { classNames }: Pick<DatasetSummary, 'classNames'>,
  samples: SampleTable,
): LabelOf {
  const pool = poolOf(samples)
  const labels = new Map(classes.map((name, label) => [positionOfClass(name, classNames), label]))
  return (index) => {
    const label = pool.labelAt(index)
    return label === unknownLabel ? unknownLabel : (labels.get(label) ?? 'other')
  }
}

/** Keeps the first images of each class in the drawn order, up to the number that `keptOfEach` gives the class. */
function someOfEach(domain: Domain, order: Int32Array, labelOf: LabelOf): Int32Array {
  if (domain.rarest === 1 && domain.perClass === null) return order
  const labels = Array.from(order, labelOf)
  const remaining = keptOfEach(
    domain.classes.map((_, label) => labels.filter((one) => one === label).length),
    domain,
  )
  return order.filter((_, position) => {
    const label = Number(labels[position])
    remaining[label] = (remaining[label] ?? 0) - 1
    return (remaining[label] ?? 0) >= 0
  })
}
