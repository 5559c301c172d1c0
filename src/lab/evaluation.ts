/** Evaluates a checkpoint: by default on the unseen target of its own run. */
import { fitted } from '../contract/check'
import { labError } from '../contract/errors'
import { domainSchema, type Domain, type Experiment, type Pixels } from '../contract/experiment'
import type { DatasetSummary } from '../contract/dataset'
import type { CommandOutput } from '../contract/lab'
import type { AnalystOutput } from '../contract/worker'
import { classesWithSamples, pairedByName } from '../contract/classes'
import { checkDomain, checkPairing } from '../data/check-domain'
import { unseenDomain } from '../data/domain'
import { isPath, summaryOf } from '../data/open-dataset'
import { targetToOpen } from './named-paths'
import { pixelScaling } from './presumed'
import type { LabContext } from './context'

type Known<T> = { readonly [K in keyof T]?: T[K] | undefined }

export interface EvaluationOrder extends Known<Omit<Domain, 'framing' | 'seed'>> {
  readonly checkpoint: string
  /** Of a file that does not say how pixels are scaled. */
  readonly pixels?: Pixels | undefined
  readonly pairing?: readonly number[] | undefined
  readonly encoder: 'source' | 'target'
}

interface Question {
  readonly domain: Domain
  readonly pairing: readonly number[]
}

type Judge = Pick<EvaluationOrder, 'checkpoint' | 'pixels' | 'pairing' | 'encoder'>

/** By default on the unseen target of the checkpoint's own run, under that run's pairing. */
export async function evaluate(
  context: LabContext,
  order: EvaluationOrder,
): Promise<CommandOutput<'evaluate'>> {
  const opened = await describe(context, order.checkpoint)
  const domain =
    opened.facts === null
      ? await domainIn(context, order)
      : await completed(context, order, opened.facts.experiment)
  return judge(context, order, opened, domain)
}

/** On the images of another evaluation; under the pairing of the checkpoint's own run unless one is given. */
export async function evaluateOn(
  domain: Domain,
  context: LabContext,
  order: Judge,
): Promise<CommandOutput<'evaluate'>> {
  return judge(context, order, await describe(context, order.checkpoint), domain)
}

type Described = AnalystOutput<'describeCheckpoint'>

export function describe({ analyst }: LabContext, path: string): Promise<Described> {
  return analyst.ask('describeCheckpoint', { path })
}

/** The summary of a dataset; the analyst reads one that is given by a path. */
function summaryFor({ analyst, folders }: LabContext, dataset: string): Promise<DatasetSummary> {
  return isPath(dataset)
    ? analyst.ask('describeDataset', { path: dataset })
    : summaryOf(dataset, folders().datasets)
}

async function judge(
  context: LabContext,
  { checkpoint, pixels, pairing: asked, encoder }: Judge,
  described: Described,
  domain: Domain,
): Promise<CommandOutput<'evaluate'>> {
  const { datasets } = context.folders()
  const { facts, classes } = described
  const pairing = asked ?? (facts === null ? null : pairingFor(domain, facts.experiment))
  if (pairing === null) throw labError('checkpoint-foreign', { file: checkpoint })
  checkQuestion({ domain, pairing }, classes, await summaryFor(context, domain.dataset))
  return context.analyst.ask('evaluate', {
    checkpoint,
    pixels: pixelScaling(described, pixels, checkpoint),
    domain,
    pairing: [...pairing],
    encoder,
    datasets,
    threads: context.threads(),
  })
}

/** A file of another program records no domains, so all of these must be given. */
async function domainIn(
  context: LabContext,
  { checkpoint, dataset, classes, pairing, ...rest }: EvaluationOrder,
): Promise<Domain> {
  if (dataset === undefined || classes === undefined || pairing === undefined)
    throw labError('checkpoint-foreign', { file: checkpoint })
  const { partition = 'original', count, shifts } = rest
  const split = rest.split ?? heldOutSplit(partition, await summaryFor(context, dataset))
  return fitted(domainSchema, { dataset, classes, partition, split, count, shifts })
}

/** The test split, or the training split of a dataset without one. */
function heldOutSplit(partition: Domain['partition'], { counts }: DatasetSummary): Domain['split'] {
  return counts[`${partition}/test`] === undefined ? 'train' : 'test'
}

async function completed(
  context: LabContext,
  order: EvaluationOrder,
  experiment: Experiment,
): Promise<Domain> {
  const { checkpoint, dataset, partition, split, classes, count, shifts } = order
  const target = await targetToOpen(context, checkpoint, experiment, dataset)
  const changes = given({ dataset, partition, split, classes, count, shifts })
  const asked = dataset ?? target.dataset
  const summary = await summaryFor(context, asked)
  const held =
    asked === target.dataset
      ? (unseenDomain(target, summary) ?? target)
      : {
          ...target,
          split: heldOutSplit(partition ?? target.partition, summary),
          count: 'all',
          perClass: null,
        }
  // A target without labels has no classes of its own; samples of other datasets may be of the source's.
  const named = held.classes.length === 0 ? experiment.source.classes : held.classes
  return fitted(domainSchema, { ...held, classes: named, unlabelled: false, ...changes })
}

type Paired = Pick<Domain, 'dataset' | 'classes'>

/**
 * The target's classes stand for what they stand for in the experiment, in whatever order they are given; the source's
 * classes stand for themselves. The dataset decides if both have these classes. Any other classes use the experiment's
 * pairing.
 */
export function pairingFor(
  { dataset, classes }: Paired,
  experiment: Pick<Experiment, 'pairing'> & Readonly<Record<'source' | 'target', Paired>>,
): readonly number[] {
  const { source, target, pairing } = experiment
  const asTarget = classes.map((name) => pairing[target.classes.indexOf(name)] ?? -1)
  const asSource = pairedByName(source.classes, classes)
  const isOfSource = dataset === source.dataset && dataset !== target.dataset
  const found = (isOfSource ? [asSource, asTarget] : [asTarget, asSource]).find((one) => !one.includes(-1))
  return found ?? pairing
}

function given<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>
}

/** The checks of an experiment, with the classifier's number of classes in place of the source's. */
function checkQuestion({ domain, pairing }: Question, classes: number, summary: DatasetSummary): void {
  const split = `${domain.partition}/${domain.split}`
  if (summary.counts[split] !== undefined && classesWithSamples(domain, summary).length === 0) {
    throw labError('none-labelled', { dataset: domain.dataset, split })
  }
  checkDomain(domain, 'target', summary)
  if (domain.classes.length !== classes) {
    throw labError('unequal-classes', { source: classes, target: domain.classes.length })
  }
  checkPairing(pairing, classes)
}
