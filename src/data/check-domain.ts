/** Checks that an experiment's domains exist in their datasets, before anything is read or written. */
import { labError } from '../contract/errors'
import type { Domain, Experiment } from '../contract/experiment'
import type { DatasetSummary } from '../contract/dataset'
import { unknownDataset } from './open-dataset'
import { keptOfEach } from './rarity'

/** The first label that occurs twice, or undefined. */
function repeated(classes: readonly number[]): number | undefined {
  return classes.find((label, i) => classes.indexOf(label) !== i)
}

/** Images by class in the split of a domain. Throws `no-such-split`. */
function countsIn(domain: Domain, summary: DatasetSummary): readonly number[] {
  const split = `${domain.partition}/${domain.split}`
  const counts = summary.classCounts[split]
  if (counts === undefined) throw labError('no-such-split', { dataset: domain.dataset, split })
  return counts
}

/** Available images of each of the domain's classes, in its order. Throws `no-such-split`. */
function availableOfEach(domain: Domain, summary: DatasetSummary): number[] {
  const counts = countsIn(domain, summary)
  return keptOfEach(
    domain.classes.map((label) => counts[label] ?? 0),
    domain.rarest,
  )
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

/** The number of images in a domain, computed from its dataset's summary. Throws `no-such-split`. */
export function imagesIn(domain: Domain, summary: DatasetSummary): number {
  return domain.count === 'all' ? sum(availableOfEach(domain, summary)) : domain.count
}

/**
 * Refuses what the dataset does not contain: `no-such-split`, `unknown-class` (a class without images in the split),
 * `repeated-class`, `count-too-large`. `role` names the domain in the errors: `source` or `target`.
 */
export function checkDomain(domain: Domain, role: string, summary: DatasetSummary): void {
  const counts = countsIn(domain, summary)
  const known = counts.flatMap((count, label) => (count > 0 ? [label] : []))
  const unknown = domain.classes.find((label) => !known.includes(label))
  if (unknown !== undefined) {
    throw labError('unknown-class', { dataset: domain.dataset, class: unknown, known: known.join(', ') })
  }
  const twice = repeated(domain.classes)
  if (twice !== undefined) throw labError('repeated-class', { class: twice, domain: role })
  const available = sum(availableOfEach(domain, summary))
  if (domain.count !== 'all' && domain.count > available) {
    throw labError('count-too-large', { domain: role, asked: domain.count, available })
  }
}

/** Refuses a pairing that does not assign each source class to exactly one target class: `invalid-pairing`. */
export function checkPairing(pairing: readonly number[], classes: number): void {
  const whole = pairing.length === classes && pairing.every((index) => index < classes)
  if (!whole || repeated(pairing) !== undefined) {
    throw labError('invalid-pairing', { pairing: pairing.join(', '), classes })
  }
}

/**
 * Refuses more labelled images per class than the dataset has: `shots-too-many`.
 * @param counts images of each of `classes`
 */
export function requireShots(shots: number, classes: readonly number[], counts: readonly number[]): void {
  const index = counts.findIndex((count) => count < shots)
  if (index < 0) return
  throw labError('shots-too-many', {
    asked: shots,
    class: classes[index] ?? 0,
    available: counts[index] ?? 0,
  })
}

/** Whether the seed's draw of images decides if there are enough of each class. */
export function drawDecidesShots(shots: number, domain: Domain, summary: DatasetSummary): boolean {
  const counts = availableOfEach(domain, summary)
  const leftOut = sum(counts) - imagesIn(domain, summary)
  return counts.some((count) => Math.max(0, count - leftOut) < shots)
}

/** Minimum number of target images: the scores without labels compare each image with others. */
const minTarget = 2

/** Checks requirements of the target only: `too-few-images`, `shots-too-many`, `shots-leave-none`. */
function checkTarget(domain: Domain, shots: number, summary: DatasetSummary): void {
  const images = imagesIn(domain, summary)
  if (images < minTarget) {
    throw labError('too-few-images', { domain: 'target', least: minTarget, found: images })
  }
  requireShots(shots, domain.classes, availableOfEach(domain, summary))
  const asked = shots * domain.classes.length
  if (asked >= images) throw labError('shots-leave-none', { asked, images })
}

type Domains = Pick<Experiment, 'source' | 'target' | 'pairing' | 'adaptation'>

/** The summary of a domain's dataset. Throws `unknown-dataset`. */
export function summaryIn(summaries: readonly DatasetSummary[], { dataset }: Domain): DatasetSummary {
  const summary = summaries.find(({ id }) => id === dataset)
  if (summary === undefined) throw unknownDataset(dataset, summaries)
  return summary
}

/**
 * Throws the first error found: `unknown-dataset`, `unequal-classes`, and what `checkDomain`, `checkTarget` and
 * `checkPairing` refuse. `summaries` are those of `listDatasets`, and those of paths that the experiment names.
 */
export function checkDomains(experiment: Domains, summaries: readonly DatasetSummary[]): void {
  for (const role of ['source', 'target'] as const) {
    const domain = experiment[role]
    const summary = summaryIn(summaries, domain)
    checkDomain(domain, role, summary)
    if (role === 'target') checkTarget(domain, experiment.adaptation.shots, summary)
  }
  const source = experiment.source.classes.length
  const target = experiment.target.classes.length
  if (source !== target) throw labError('unequal-classes', { source, target })
  checkPairing(experiment.pairing, source)
}
