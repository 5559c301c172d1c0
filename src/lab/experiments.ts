/** Whether an experiment can run: its settings, then its domains against the datasets that there are. */
import { readExperiment } from '../contract/check'
import type { Experiment } from '../contract/experiment'
import type { DatasetSummary } from '../contract/lab'
import { labError } from '../contract/errors'
import type { MethodDeclaration } from '../contract/method'
import { nearest } from '../contract/nearest'
import { checkDomains } from '../data/check-domain'
import { isPath, listDatasets, refuseMissing } from '../data/datasets'
import type { Place } from './place'

/** The summaries of all datasets, and of those that `names` names by a path. Throws what `refuseMissing` throws. */
export async function summariesFor(
  names: readonly string[],
  { analyst, folders }: Pick<Place, 'analyst' | 'folders'>,
): Promise<readonly DatasetSummary[]> {
  const { datasets } = folders()
  const summaries = await listDatasets(datasets)
  for (const name of new Set(names)) {
    if (isPath(name)) summaries.push({ ...(await analyst.ask('describeDataset', { path: name })), id: name })
    else if (!summaries.some(({ id }) => id === name)) await refuseMissing(name, datasets)
  }
  return summaries
}

/** With every default filled in. Throws for the first thing that is wrong. */
export async function checkExperiment(
  place: Pick<Place, 'methods' | 'folders' | 'analyst'>,
  value: unknown,
): Promise<Experiment> {
  const experiment = readExperiment(value, place.methods)
  const names = [experiment.source.dataset, experiment.target.dataset]
  checkDomains(experiment, await summariesFor(names, place))
  return experiment
}

/** @throws `unknown-method` */
export function declarationOf(
  { adaptation: { method } }: Experiment,
  methods: readonly MethodDeclaration[],
): MethodDeclaration {
  const declaration = methods.find(({ id }) => id === method)
  if (declaration !== undefined) return declaration
  const known = methods.map(({ id }) => id)
  throw labError('unknown-method', { name: method, nearest: nearest(method, known) })
}
