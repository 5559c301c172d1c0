/** Computes the number of images in a domain from its dataset's summary, without reading images. */
import { countsOfClasses, unlabelledIn } from '../contract/classes'
import type { Domain, Experiment } from '../contract/experiment'
import type { DatasetSummary } from '../contract/dataset'
import { unseenDomain } from './domain'
import { keptOfEach } from './rarity'

export interface DomainSizes {
  readonly source: number
  readonly target: number
  /** Held-out images of the target; 0 if there are none. */
  readonly unseen: number
}

function domainSize(domain: Domain, summary: DatasetSummary): number {
  const { classes, count, unlabelled } = domain
  const kept = keptOfEach(countsOfClasses(classes, domain, summary), domain)
  const images = kept.reduce((sum, one) => sum + one, unlabelled ? unlabelledIn(domain, summary) : 0)
  return count === 'all' ? images : Math.min(count, images)
}

/** @param find returns the summary of a dataset, or undefined if there is no such dataset */
export function domainSizes(
  { source, target }: Pick<Experiment, 'source' | 'target'>,
  find: (dataset: string) => DatasetSummary | undefined,
): DomainSizes | null {
  const [ofSource, ofTarget] = [find(source.dataset), find(target.dataset)]
  if (ofSource === undefined || ofTarget === undefined) return null
  const unseen = unseenDomain(target, ofTarget)
  return {
    source: domainSize(source, ofSource),
    target: domainSize(target, ofTarget),
    unseen: unseen === null ? 0 : domainSize(unseen, ofTarget),
  }
}
