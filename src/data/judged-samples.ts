/** Labelled samples of a domain by which the networks that learned it are judged. */
import type { Domain, ModelOptions } from '../contract/experiment'
import { imagesIn } from './check-domain'
import type { Dataset } from './dataset'
import { samplesOf, unseenDomain, type DatasetSource, type DomainSamples } from './domain'
import { mostHeldFor } from './memory'
import { openDataset } from './open-dataset'

export interface JudgedSamples<Samples = DomainSamples> {
  readonly samples: Samples
  /** Held out from training, or the training samples themselves, for a domain without held-out samples. */
  readonly on: 'held-out' | 'training'
}

interface Limits {
  /** Number of samples. */
  readonly most: number
  /** Bytes of pixels that may be in memory; of more, only batches are read. */
  readonly resident: number | undefined
}

/**
 * At most `most` labelled samples of a domain, by the domain's own draw: held-out ones if it has any. They have its
 * classes and are normalised as in training. Throws what `loadDomain` throws.
 */
export async function loadJudged(
  domain: Domain,
  model: ModelOptions,
  where: DatasetSource,
  most: number,
): Promise<JudgedSamples> {
  const held = mostHeldFor(model, where.most)
  const dataset = await openDataset(domain.dataset, where.datasets, { ...where, most: held })
  return judgedSamples(domain, dataset, model, { most, resident: where.most })
}

/** The same, from the domain's open dataset. */
export function judgedSamples(
  domain: Domain,
  dataset: Dataset,
  model: ModelOptions,
  { most, resident }: Limits,
): JudgedSamples {
  const unseen = unseenDomain(domain, dataset.summary)
  const judged = unseen ?? { ...domain, unlabelled: false }
  const available = imagesIn({ ...judged, count: 'all' }, dataset.summary)
  const asked = judged.count === 'all' ? available : judged.count
  const some = { ...judged, count: Math.min(asked, available, most) }
  return {
    samples: samplesOf(some, dataset, model, resident, domain),
    on: unseen === null ? 'training' : 'held-out',
  }
}
