/** Evaluates a checkpoint: by default on the unseen target of its own run. */
import { fitted } from '../contract/check'
import { labError } from '../contract/errors'
import { domainSchema, type Domain, type Experiment } from '../contract/experiment'
import type { DatasetSummary } from '../contract/dataset'
import type { CommandOutput } from '../contract/lab'
import type { AnalystOutput } from '../contract/worker'
import { checkDomain, checkPairing } from '../data/check-domain'
import { unseenDomain } from '../data/domain'
import { isPath, summaryOf } from '../data/open-dataset'
import { targetToOpen } from './named-paths'
import type { LabContext } from './context'

type Known<T> = { readonly [K in keyof T]?: T[K] | undefined }

export interface EvaluationOrder extends Known<Omit<Domain, 'framing' | 'seed'>> {
  readonly checkpoint: string
  readonly pairing?: readonly number[] | undefined
  readonly encoder: 'source' | 'target'
}

interface Question {
  readonly domain: Domain
  readonly pairing: readonly number[]
}

type Judge = Pick<EvaluationOrder, 'checkpoint' | 'pairing' | 'encoder'>

/** By default on the unseen target of the checkpoint's own run, under that run's pairing. */
export async function evaluate(
  context: LabContext,
  order: EvaluationOrder,
): Promise<CommandOutput<'evaluate'>> {
  const opened = await describe(context, order.checkpoint)
  const domain =
    opened.facts === null ? domainIn(order) : await completed(context, order, opened.facts.experiment)
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

function describe({ analyst }: LabContext, path: string): Promise<Described> {
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
  { checkpoint, pairing: asked, encoder }: Judge,
  { facts, classes }: Described,
  domain: Domain,
): Promise<CommandOutput<'evaluate'>> {
  const { datasets } = context.folders()
  const pairing = asked ?? (facts === null ? null : pairingFor(domain, facts.experiment))
  if (pairing === null) throw labError('checkpoint-foreign', { file: checkpoint })
  checkQuestion({ domain, pairing }, classes, await summaryFor(context, domain.dataset))
  return context.analyst.ask('evaluate', {
    checkpoint,
    domain,
    pairing: [...pairing],
    encoder,
    datasets,
    threads: context.threads(),
  })
}

/** A file of another program records no domains, so all of these must be given. */
function domainIn({ checkpoint, dataset, classes, pairing, ...rest }: EvaluationOrder): Domain {
  if (dataset === undefined || classes === undefined || pairing === undefined)
    throw labError('checkpoint-foreign', { file: checkpoint })
  const { partition, split = 'test', count, shifts } = rest
  return fitted(domainSchema, { dataset, classes, partition, split, count, shifts })
}

async function completed(
  context: LabContext,
  order: EvaluationOrder,
  experiment: Experiment,
): Promise<Domain> {
  const { checkpoint, dataset, partition, split, classes, count, shifts } = order
  const target = await targetToOpen(context, checkpoint, experiment, dataset)
  const own = await summaryFor(context, target.dataset)
  const unseen = unseenDomain(target, own) ?? target
  const changes = { dataset, partition, split, classes, count, shifts }
  return fitted(domainSchema, { ...unseen, ...given(changes) })
}

/**
 * The source's own classes are paired with themselves. The target's classes are paired as in the experiment, in
 * whatever order they are given. Any other classes use the experiment's pairing.
 */
export function pairingFor(
  { classes }: Pick<Domain, 'classes'>,
  {
    source,
    target,
    pairing,
  }: Pick<Experiment, 'pairing'> & Readonly<Record<'source' | 'target', Pick<Domain, 'classes'>>>,
): readonly number[] {
  if (JSON.stringify(classes) === JSON.stringify(source.classes))
    return source.classes.map((_, index) => index)
  const positions = classes.map((label) => target.classes.indexOf(label))
  const standsFor = positions.flatMap((position) => pairing[position] ?? [])
  return standsFor.length === classes.length ? standsFor : pairing
}

function given<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>
}

/** The checks of an experiment, with the classifier's number of classes in place of the source's. */
function checkQuestion({ domain, pairing }: Question, classes: number, summary: DatasetSummary): void {
  checkDomain(domain, 'target', summary)
  if (domain.classes.length !== classes) {
    throw labError('unequal-classes', { source: classes, target: domain.classes.length })
  }
  checkPairing(pairing, classes)
}
