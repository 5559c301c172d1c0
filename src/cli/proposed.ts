/** The experiment proposed for two datasets, as the window fills it in, with the reason of each choice. */
import type { DatasetSummary } from '../contract/dataset'
import { labError } from '../contract/errors'
import type { Experiment } from '../contract/experiment'
import { knownName } from '../contract/known-name'
import { nearest } from '../contract/nearest'
import { proposedExperiment } from '../contract/proposal'
import { reasonSentence } from '../language/sentence'
import type { CommandContext } from './command'

export interface ProposalOptions {
  readonly source?: string
  readonly target?: string
}

/** @throws `unknown-dataset`, and what `proposedExperiment` throws */
export async function experimentProposed(
  { lab, terminal }: CommandContext,
  { source, target }: Required<ProposalOptions>,
): Promise<Experiment> {
  const datasets = await lab.call('datasets', {})
  const proposal = proposedExperiment(datasetNamed(source, datasets), datasetNamed(target, datasets))
  terminal.note(terminal.say('proposed', { source, target }))
  for (const reason of proposal.reasons) terminal.note(`  ${reasonSentence(reason, terminal.language)}`)
  return proposal.experiment
}

function datasetNamed(name: string, datasets: readonly DatasetSummary[]): DatasetSummary {
  const ids = datasets.map(({ id }) => id)
  const found = datasets.find(({ id }) => id === knownName(name, ids))
  if (found === undefined) throw labError('unknown-dataset', { name, nearest: nearest(name, ids) })
  return found
}
