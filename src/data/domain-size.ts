/** How many images a domain has, from what its dataset says of itself: no image is read for it. */
import type { Domain, Experiment } from '../contract/experiment'
import type { DatasetSummary } from '../contract/dataset'
import { unseenDomain } from './domain'
import { keptOfEach } from './rarity'

export interface DomainSizes {
  readonly source: number
  readonly target: number
  /** Held-out images of the target; 0 where there are none. */
  readonly unseen: number
}

function domainSize({ partition, split, classes, rarest, count }: Domain, summary: DatasetSummary): number {
  const byClass = summary.classCounts[`${partition}/${split}`]
  const kept = keptOfEach(
    classes.map((label) => byClass?.[label] ?? 0),
    rarest,
  )
  const images = kept.reduce((sum, one) => sum + one, 0)
  return count === 'all' ? images : Math.min(count, images)
}

/** @param find the summary of a dataset; undefined where there is none */
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
