/** Checks whether an experiment can run: its settings, then its domains against the available datasets. */
import { readExperiment, requireSuitable } from '../contract/check'
import { knownName } from '../contract/known-name'
import type { BackboneDraft, Experiment } from '../contract/experiment'
import { settle, type WeightsOf } from '../data/settle'
import type { DatasetSummary } from '../contract/dataset'
import { labError } from '../contract/errors'
import type { MethodDeclaration } from '../contract/method'
import { nearest } from '../contract/nearest'
import { checkBatches } from '../data/check-batches'
import { checkLabels, refuseOutside } from '../data/check-labels'
import { checkDomains, drawDecidesShots, imagesIn, requireShots, summaryIn } from '../data/check-domain'
import { isPath, listDatasets, refuseMissing } from '../data/open-dataset'
import type { LabContext } from './context'

/** The summaries of all datasets, and of those that `names` gives by a path. Throws what `refuseMissing` throws. */
export async function summariesFor(
  names: readonly string[],
  { analyst, folders }: Pick<LabContext, 'analyst' | 'folders'>,
): Promise<readonly DatasetSummary[]> {
  const { datasets } = folders()
  const summaries = await listDatasets(datasets)
  for (const name of new Set(names)) {
    if (isPath(name)) summaries.push({ ...(await analyst.ask('describeDataset', { path: name })), id: name })
    else if (!idsIn(summaries).includes(nameIn(summaries, name))) await refuseMissing(name, datasets)
  }
  return summaries
}

const idsIn = (summaries: readonly DatasetSummary[]): string[] => summaries.map(({ id }) => id)

function nameIn(summaries: readonly DatasetSummary[], name: string): string {
  return knownName(name, idsIn(summaries))
}

type Checking = Pick<LabContext, 'methods' | 'folders' | 'analyst'>

/**
 * Returns the experiment with every default filled in. Throws the first problem, before anything is created for a run.
 * @throws what `readExperiment`, `checkDomains`, `checkBatches` and `checkLabels` throw, `labels-outside-target`
 */
export async function checkExperiment(context: Checking, value: unknown): Promise<Experiment> {
  const { experiment, source, target } = await readWithData(context, value)
  const method = declarationOf(experiment, context.methods)
  const images = {
    source: imagesIn(experiment.source, source),
    target: imagesIn(experiment.target, target),
  }
  checkBatches(experiment, method, images)
  checkLabels(experiment, method, images.target)
  await checkDrawnShots(context, experiment, target)
  await checkLabelledSamples(context, experiment)
  return experiment
}

/**
 * The same for a run that is continued, without the checks of batches and shots: the run passed the checks of its own
 * version when it began.
 */
export async function checkContinued(context: Checking, value: unknown): Promise<Experiment> {
  return (await readWithData(context, value)).experiment
}

/** The experiment, and the summaries of its domains' datasets. */
async function readWithData(context: Checking, value: unknown) {
  const given = readExperiment(value, context.methods)
  const summaries = await summariesFor([given.source.dataset, given.target.dataset], context)
  const source = { ...given.source, dataset: nameIn(summaries, given.source.dataset) }
  const target = { ...given.target, dataset: nameIn(summaries, given.target.dataset) }
  const weightsOf = await weightsFor(given.model.backbone, context)
  const experiment = settle({ ...given, source, target }, summaries, weightsOf)
  const method = declarationOf(experiment, context.methods)
  requireSuitable(experiment, method)
  requireLabels(experiment, method)
  checkDomains(experiment, summaries)
  return { experiment, source: summaryIn(summaries, source), target: summaryIn(summaries, target) }
}

/** The weights on this machine, if the experiment leaves open which are meant; the analyst reads the files. */
async function weightsFor(
  backbone: BackboneDraft | null,
  { analyst, folders }: Pick<LabContext, 'analyst' | 'folders'>,
): Promise<WeightsOf> {
  if (backbone === null || backbone.weights !== undefined) return () => []
  const { backbones } = await analyst.ask('listBackbones', { folder: folders().backbones })
  return (network) => (backbones.find(({ id }) => id === network)?.weights ?? []).map(({ digest }) => digest)
}

/** A reference learns from the target's labels. Throws `needs-labels`. */
function requireLabels({ target }: Experiment, method: MethodDeclaration): void {
  const isUnlabelled = target.unlabelled || target.classes.length === 0
  if (method.role === 'reference' && isUnlabelled)
    throw labError('needs-labels', { name: `adaptation.method=${method.id}`, dataset: target.dataset })
}

/** Where the seed decides which target images are drawn, the analyst opens the files and counts them. */
async function checkDrawnShots(
  { analyst, folders }: Pick<LabContext, 'analyst' | 'folders'>,
  { target, adaptation: { shots } }: Experiment,
  summary: DatasetSummary,
): Promise<void> {
  if (!drawDecidesShots(shots, target, summary)) return
  const { datasets } = folders()
  requireShots(shots, target.classes, await analyst.ask('drawnOfEach', { domain: target, datasets }))
}

/** Which samples a domain draws is seen in the files, which the analyst opens. */
async function checkLabelledSamples(
  { analyst, folders }: Pick<LabContext, 'analyst' | 'folders'>,
  { target, adaptation: { labels } }: Experiment,
): Promise<void> {
  if (labels.length === 0) return
  const samples = labels.map(({ sample }) => sample)
  const { datasets } = folders()
  refuseOutside(await analyst.ask('samplesOutside', { domain: target, samples, datasets }))
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
