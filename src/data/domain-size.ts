/** Computes the number of images in a domain from its dataset's summary, without reading images. */
import type { Experiment } from '../contract/experiment'
import type { DatasetSummary } from '../contract/dataset'
import { imagesIn } from './check-domain'
import { unseenDomain } from './domain'

export interface DomainSizes {
  readonly source: number
  readonly target: number
  /** Held-out images of the target; 0 if there are none. */
  readonly unseen: number
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
    source: imagesIn(source, ofSource),
    target: imagesIn(target, ofTarget),
    unseen: unseen === null ? 0 : imagesIn(unseen, ofTarget),
  }
}
