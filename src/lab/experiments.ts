/** Whether an experiment can run: its settings, then its domains against the datasets that there are. */
import { readExperiment } from '../contract/check'
import type { Experiment } from '../contract/experiment'
import type { DatasetSummary } from '../contract/dataset'
import { labError } from '../contract/errors'
import type { MethodDeclaration } from '../contract/method'
import { nearest } from '../contract/nearest'
import { checkBatches } from '../data/check-batches'
import { checkDomains, drawDecidesShots, imagesIn, requireShots, summaryIn } from '../data/check-domain'
import { isPath, listDatasets, refuseMissing } from '../data/open-dataset'
import type { LabContext } from './context'

/** The summaries of all datasets, and of those that `names` names by a path. Throws what `refuseMissing` throws. */
export async function summariesFor(
  names: readonly string[],
  { analyst, folders }: Pick<LabContext, 'analyst' | 'folders'>,
): Promise<readonly DatasetSummary[]> {
  const { datasets } = folders()
  const summaries = await listDatasets(datasets)
  for (const name of new Set(names)) {
    if (isPath(name)) summaries.push({ ...(await analyst.ask('describeDataset', { path: name })), id: name })
    else if (!summaries.some(({ id }) => id === name)) await refuseMissing(name, datasets)
  }
  return summaries
}

type Checking = Pick<LabContext, 'methods' | 'folders' | 'analyst'>

/**
 * With every default filled in. Throws for the first thing that is wrong, before anything is made for a run.
 * @throws what `readExperiment`, `checkDomains` and `checkBatches` throw
 */
export async function checkExperiment(context: Checking, value: unknown): Promise<Experiment> {
  const { experiment, source, target } = await readWithData(context, value)
  checkBatches(experiment, declarationOf(experiment, context.methods), {
    source: imagesIn(experiment.source, source),
    target: imagesIn(experiment.target, target),
  })
  await checkDrawnShots(context, experiment, target)
  return experiment
}

/** The same of a run that goes on as it was begun: what later versions came to refuse, it has passed. */
export async function checkContinued(context: Checking, value: unknown): Promise<Experiment> {
  return (await readWithData(context, value)).experiment
}

/** An experiment, and what the datasets of its domains say of themselves. */
async function readWithData(context: Checking, value: unknown) {
  const experiment = readExperiment(value, context.methods)
  const { source, target } = experiment
  const summaries = await summariesFor([source.dataset, target.dataset], context)
  checkDomains(experiment, summaries)
  return { experiment, source: summaryIn(summaries, source), target: summaryIn(summaries, target) }
}

/** Where the seed decides which images the target takes, they are counted; the analyst opens the files. */
async function checkDrawnShots(
  { analyst, folders }: Pick<LabContext, 'analyst' | 'folders'>,
  { target, adaptation: { shots } }: Experiment,
  summary: DatasetSummary,
): Promise<void> {
  if (!drawDecidesShots(shots, target, summary)) return
  const { datasets } = folders()
  requireShots(shots, target.classes, await analyst.ask('drawnOfEach', { domain: target, datasets }))
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
