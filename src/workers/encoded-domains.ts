/** The samples of an experiment as its encoder takes them. */
import type { ModelOptions } from '../contract/experiment'
import type { DomainSamples } from '../data/domain'
import type { ExperimentSamples } from '../data/experiment-samples'
import { encodedSamples, type FeatureReport } from './backbone-features'

/** Throws what `encodedSamples` throws. */
export async function encodedDomains(
  { source, target, unseenTarget, judgedSource }: ExperimentSamples,
  model: ModelOptions,
  datasets: string,
  report: FeatureReport,
): Promise<ExperimentSamples> {
  const encoded = (samples: DomainSamples) => encodedSamples(samples, model, datasets, report)
  return {
    source: await encoded(source),
    target: await encoded(target),
    unseenTarget: unseenTarget && (await encoded(unseenTarget)),
    judgedSource: { ...judgedSource, samples: await encoded(judgedSource.samples) },
  }
}
