/** What a checkpoint is evaluated on: its run's unseen target, as far as nothing else is asked for. */
import { readCheckpoint } from '../checkpoints/checkpoint'
import { recogniseNetworks } from '../checkpoints/import'
import { labError } from '../contract/errors'
import { domainSchema, type Domain, type Experiment } from '../contract/experiment'
import type { CommandOutput, DatasetSummary } from '../contract/lab'
import { checkDomain, checkPairing } from '../data/check-domain'
import { unseenDomain } from '../data/domain'
import { summaryOf as summaryFor } from '../data/datasets'
import type { Place } from './place'

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

export async function evaluate(place: Place, order: EvaluationOrder): Promise<CommandOutput<'evaluate'>> {
  const { checkpoint, encoder } = order
  const { datasets } = place.folders()
  const { facts, tensors } = await readCheckpoint(checkpoint)
  const question = facts === null ? askedIn(order) : await completed(order, facts.experiment, datasets)
  const { domain, pairing } = question
  const { classes } = recogniseNetworks(tensors, checkpoint)
  checkQuestion(question, classes, await summaryFor(domain.dataset, datasets))
  return place.analyst.ask('evaluate', {
    checkpoint,
    domain,
    pairing: [...pairing],
    encoder,
    datasets,
    threads: place.threads(),
  })
}

/** A file of another program says nothing of domains, so all must be asked for. */
function askedIn({ checkpoint, dataset, classes, pairing, ...rest }: EvaluationOrder): Question {
  if (dataset === undefined || classes === undefined || pairing === undefined)
    throw labError('checkpoint-foreign', { file: checkpoint })
  const { partition, split = 'test', count, shifts } = rest
  return { domain: domainSchema.parse({ dataset, classes, partition, split, count, shifts }), pairing }
}

async function completed(
  order: EvaluationOrder,
  experiment: Experiment,
  datasets: string,
): Promise<Question> {
  const { dataset, partition, split, classes, count, shifts } = order
  const { target } = experiment
  const own = await summaryFor(target.dataset, datasets)
  const unseen = unseenDomain(target, own) ?? target
  const changes = { dataset, partition, split, classes, count, shifts }
  const domain = domainSchema.parse({ ...unseen, ...given(changes) })
  return { domain, pairing: order.pairing ?? pairingFor(domain, experiment) }
}

/** The source's own classes stand for themselves; any others are taken in the experiment's pairing. */
function pairingFor(domain: Domain, { source, pairing }: Experiment): readonly number[] {
  const isSource = JSON.stringify(domain.classes) === JSON.stringify(source.classes)
  return isSource ? source.classes.map((_, index) => index) : pairing
}

function given<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>
}

/** The same checks as an experiment's, with the classifier's classes in place of the source's. */
function checkQuestion({ domain, pairing }: Question, classes: number, summary: DatasetSummary): void {
  checkDomain(domain, 'target', summary)
  if (domain.classes.length !== classes) {
    throw labError('unequal-classes', { source: classes, target: domain.classes.length })
  }
  checkPairing(pairing, classes)
}
