/** Loads all samples that an experiment's training and its measures need. */
import type { Experiment } from '../contract/experiment'
import { samplesOf, unseenDomain, type DatasetSource, type DomainSamples } from './domain'
import { judgedSamples, type JudgedSamples } from './judged-samples'
import { mostHeldFor } from './memory'
import { openDataset } from './open-dataset'

export interface ExperimentSamples {
  readonly source: DomainSamples
  readonly target: DomainSamples
  readonly unseenTarget: DomainSamples | null
  /** The source samples from which the target's accuracy is estimated. */
  readonly judgedSource: JudgedSamples
}

/** Source samples that each full measurement reads in addition; their pixels take at most 64 MB of memory. */
const judgedLimits = { most: 1000, resident: 2 ** 26 }

/** A dataset used by both domains is read once. Throws what `loadDomain` throws. */
export async function loadDomains(
  { source, target, model }: Pick<Experiment, 'source' | 'target' | 'model'>,
  where: DatasetSource,
): Promise<ExperimentSamples> {
  const most = mostHeldFor(model, where.most)
  const open = (id: string) => openDataset(id, where.datasets, { ...where, most })
  const sourceSet = await open(source.dataset)
  const targetSet = target.dataset === source.dataset ? sourceSet : await open(target.dataset)
  const unseen = unseenDomain(target, targetSet.summary)
  return {
    source: samplesOf(source, sourceSet, model, where.most),
    target: samplesOf(target, targetSet, model, where.most),
    unseenTarget: unseen === null ? null : samplesOf(unseen, targetSet, model, where.most, target),
    judgedSource: judgedSamples(source, sourceSet, model, judgedLimits),
  }
}
