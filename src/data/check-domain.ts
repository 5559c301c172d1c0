/** Whether an experiment's domains can be had at all, asked before anything is read or written. */
import { labError } from '../contract/errors'
import type { Domain, Experiment } from '../contract/experiment'
import type { DatasetSummary } from '../contract/lab'
import { unknownDataset } from './datasets'
import { keptOfEach } from './rarity'

/** The label that comes up a second time, or undefined. */
function repeated(classes: readonly number[]): number | undefined {
  return classes.find((label, i) => classes.indexOf(label) !== i)
}

/** Images by class in the split that a domain names. Throws `no-such-split`. */
function countsIn(domain: Domain, summary: DatasetSummary): readonly number[] {
  const split = `${domain.partition}/${domain.split}`
  const counts = summary.classCounts[split]
  if (counts === undefined) throw labError('no-such-split', { dataset: domain.dataset, split })
  return counts
}

/** Images of each of the domain's classes, in its order, that there are to take. */
function takenOfEach({ classes, rarest }: Domain, counts: readonly number[]): number[] {
  return keptOfEach(
    classes.map((label) => counts[label] ?? 0),
    rarest,
  )
}

/**
 * Refuses what the dataset does not have: `no-such-split`, `unknown-class` (one without a single image there),
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
  const available = takenOfEach(domain, counts).reduce((sum, count) => sum + count, 0)
  if (domain.count !== 'all' && domain.count > available) {
    throw labError('count-too-large', { domain: role, asked: domain.count, available })
  }
}

/** Refuses a pairing that does not give each source class to exactly one target class: `invalid-pairing`. */
export function checkPairing(pairing: readonly number[], classes: number): void {
  const whole = pairing.length === classes && pairing.every((index) => index < classes)
  if (!whole || repeated(pairing) !== undefined) {
    throw labError('invalid-pairing', { pairing: pairing.join(', '), classes })
  }
}

/**
 * Refuses more labelled images a class than the split has: `shots-too-many`. Where the domain takes a part of it, what
 * is drawn may hold fewer still.
 */
function checkShots(shots: number, domain: Domain, summary: DatasetSummary): void {
  const counts = takenOfEach(domain, countsIn(domain, summary))
  const place = counts.findIndex((count) => count < shots)
  if (place < 0) return
  throw labError('shots-too-many', {
    asked: shots,
    class: domain.classes[place] ?? 0,
    available: counts[place] ?? 0,
  })
}

type Domains = Pick<Experiment, 'source' | 'target' | 'pairing' | 'adaptation'>

/**
 * Throws for the first thing that is wrong: `unknown-dataset`, `unequal-classes`, `shots-too-many`, what `checkDomain`
 * and `checkPairing` refuse. `summaries` are those of `listDatasets`, and of paths that the experiment names.
 */
export function checkDomains(experiment: Domains, summaries: readonly DatasetSummary[]): void {
  for (const role of ['source', 'target'] as const) {
    const domain = experiment[role]
    const summary = summaries.find((candidate) => candidate.id === domain.dataset)
    if (summary === undefined) throw unknownDataset(domain.dataset, summaries)
    checkDomain(domain, role, summary)
    if (role === 'target') checkShots(experiment.adaptation.shots, domain, summary)
  }
  const source = experiment.source.classes.length
  const target = experiment.target.classes.length
  if (source !== target) throw labError('unequal-classes', { source, target })
  checkPairing(experiment.pairing, source)
}
