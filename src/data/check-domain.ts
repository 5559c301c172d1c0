/** Checks that an experiment's domains exist in their datasets, before anything is read or written. */
import { classesWithSamples, countsOfClasses, unlabelledIn } from '../contract/classes'
import { labError } from '../contract/errors'
import type { Domain, Experiment } from '../contract/experiment'
import type { DatasetSummary } from '../contract/dataset'
import { nearest } from '../contract/nearest'
import { shortened } from '../contract/shortened'
import { maxShown } from './file'
import { unknownDataset } from './open-dataset'
import { keptOfEach } from './rarity'

/** The first value that occurs twice, or undefined. */
function repeated<T>(values: readonly T[]): T | undefined {
  return values.find((value, i) => values.indexOf(value) !== i)
}

type Chosen = Pick<Domain, 'dataset' | 'partition' | 'split'>

/** Throws `no-such-split`. */
export function requireSplit({ dataset, partition, split }: Chosen, summary: DatasetSummary): void {
  const name = `${partition}/${split}`
  if (summary.classCounts[name] === undefined) throw labError('no-such-split', { dataset, split: name })
}

/** Available images of each of the domain's classes, in its order. Throws `no-such-split`. */
function availableOfEach(domain: Domain, summary: DatasetSummary): number[] {
  requireSplit(domain, summary)
  return keptOfEach(countsOfClasses(domain.classes, domain, summary), domain)
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

/** The number of images that a domain can draw from. Throws `no-such-split`. */
function availableIn(domain: Domain, summary: DatasetSummary): number {
  return sum(availableOfEach(domain, summary)) + (domain.unlabelled ? unlabelledIn(domain, summary) : 0)
}

/** The number of images in a domain, computed from its dataset's summary. Throws `no-such-split`. */
export function imagesIn(domain: Domain, summary: DatasetSummary): number {
  return domain.count === 'all' ? availableIn(domain, summary) : domain.count
}

type Choosing = Pick<Domain, 'dataset' | 'partition' | 'unlabelled' | 'rarest' | 'perClass'>

/** Settings that choose by class cannot serve samples whose class is not known. Throws `needs-labels`. */
export function requireLabels(domain: Choosing, role: string, { counts, classCounts }: DatasetSummary): void {
  const refuse = (name: string) => {
    throw labError('needs-labels', { name: `${role}.${name}`, dataset: domain.dataset })
  }
  const original = (['train', 'test'] as const).map((split) => ({ partition: 'original' as const, split }))
  const unknown = original.some((split) => unlabelledIn(split, { counts, classCounts }) > 0)
  if (unknown && domain.partition === 'pooled') refuse('partition')
  if (domain.unlabelled && domain.rarest !== 1) refuse('rarest')
  if (domain.unlabelled && domain.perClass !== null) refuse('perClass')
}

/** Throws `unknown-class` for a class without images in the split, `needs-labels` if there are no labels at all. */
function requireKnownClasses(domain: Domain, role: string, summary: DatasetSummary): void {
  const counts = countsOfClasses(domain.classes, domain, summary)
  const unknown = domain.classes.find((_, index) => counts[index] === 0)
  if (unknown === undefined) return
  const known = classesWithSamples(domain, summary)
  const { dataset } = domain
  if (known.length === 0) throw labError('needs-labels', { name: `${role}.classes`, dataset })
  throw labError('unknown-class', {
    dataset,
    class: shortened(unknown, maxShown),
    nearest: nearest(unknown, known),
    known: shortened(known.join(', '), maxShown),
  })
}

/** Throws `per-class-too-many` if a class has fewer samples than are to be drawn of each. */
function requirePerClass(domain: Domain, role: string, summary: DatasetSummary): void {
  const { perClass, classes } = domain
  if (perClass === null) return
  const counts = countsOfClasses(classes, domain, summary)
  const index = counts.findIndex((count) => count < perClass)
  if (index < 0) return
  throw labError('per-class-too-many', {
    name: `${role}.perClass`,
    asked: perClass,
    class: shortened(classes[index] ?? '', maxShown),
    available: counts[index] ?? 0,
  })
}

/**
 * Refuses what the dataset does not contain: `no-such-split`, `unknown-class` (a class without images in the split),
 * `repeated-class`, `count-too-large`, and settings that need labels which it does not have: `needs-labels`. `role`
 * names the domain in the errors: `source` or `target`.
 */
export function checkDomain(domain: Domain, role: string, summary: DatasetSummary): void {
  requireLabels(domain, role, summary)
  requireSplit(domain, summary)
  requireKnownClasses(domain, role, summary)
  const twice = repeated(domain.classes)
  if (twice !== undefined) throw labError('repeated-class', { class: twice, domain: role })
  requirePerClass(domain, role, summary)
  if (summary.kind === 'vector' && domain.shifts.length > 0)
    throw labError('shifts-need-images', { name: `${role}.shifts`, dataset: domain.dataset })
  const available = availableIn(domain, summary)
  if (domain.count !== 'all' && domain.count > available) {
    throw labError('count-too-large', { domain: role, asked: domain.count, available })
  }
}

/** Refuses a pairing that does not assign each source class to exactly one target class: `invalid-pairing`. */
export function checkPairing(pairing: readonly number[], classes: number): void {
  if (pairing.length === 0 && classes > 0) throw labError('missing-setting', { name: 'pairing' })
  const whole = pairing.length === classes && pairing.every((index) => index < classes)
  if (!whole || repeated(pairing) !== undefined) {
    throw labError('invalid-pairing', { pairing: pairing.join(', '), classes })
  }
}

/**
 * Refuses more labelled images per class than the dataset has: `shots-too-many`.
 * @param counts images of each of `classes`
 */
export function requireShots(shots: number, classes: readonly string[], counts: readonly number[]): void {
  const index = counts.findIndex((count) => count < shots)
  if (index < 0) return
  throw labError('shots-too-many', {
    asked: shots,
    class: classes[index] ?? '',
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
  if (shots > 0 && domain.classes.length === 0)
    throw labError('needs-labels', { name: 'adaptation.shots', dataset: domain.dataset })
  requireShots(shots, domain.classes, availableOfEach(domain, summary))
  const asked = shots * domain.classes.length
  if (asked >= images) throw labError('shots-leave-none', { asked, images })
}

type Domains = Pick<Experiment, 'source' | 'target' | 'pairing' | 'adaptation'>

/** The summary of a domain's dataset. Throws `unknown-dataset`. */
export function summaryIn(
  summaries: readonly DatasetSummary[],
  { dataset }: Pick<Domain, 'dataset'>,
): DatasetSummary {
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
  if (target > 0 && source !== target) throw labError('unequal-classes', { source, target })
  checkPairing(experiment.pairing, target)
}
