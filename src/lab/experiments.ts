/** Whether an experiment can run: its settings, then its domains against the datasets that there are. */
import { readExperiment } from '../contract/check'
import type { Experiment } from '../contract/experiment'
import type { DatasetSummary } from '../contract/lab'
import { labError } from '../contract/errors'
import type { MethodDeclaration } from '../contract/method'
import { nearest } from '../contract/nearest'
import { checkDomains } from '../data/check-domain'
import { isPath, listDatasets, refuseMissing, summaryOf } from '../data/datasets'
import type { Place } from './place'

/** The summaries of all datasets, and of those that `names` names by a path. Throws what `refuseMissing` throws. */
export async function summariesFor(
  names: readonly string[],
  datasetsFolder: string,
): Promise<readonly DatasetSummary[]> {
  const summaries = await listDatasets(datasetsFolder)
  for (const name of new Set(names)) {
    if (isPath(name)) summaries.push({ ...(await summaryOf(name, datasetsFolder)), id: name })
    else if (!summaries.some(({ id }) => id === name)) await refuseMissing(name, datasetsFolder)
  }
  return summaries
}

/** With every default filled in. Throws for the first thing that is wrong. */
export async function checkExperiment(
  { methods, folders }: Pick<Place, 'methods' | 'folders'>,
  value: unknown,
): Promise<Experiment> {
  const experiment = readExperiment(value, methods)
  const names = [experiment.source.dataset, experiment.target.dataset]
  checkDomains(experiment, await summariesFor(names, folders().datasets))
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
