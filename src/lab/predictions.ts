/** Predicts the classes of samples with the networks of a checkpoint. */
import { basename, dirname } from 'path'
import type { z } from 'zod'
import { listCheckpoints } from '../checkpoints/checkpoint-list'
import { isNamedByPosition } from '../contract/classes'
import { labError } from '../contract/errors'
import type { Experiment, Pixels } from '../contract/experiment'
import type { CommandOutput, commands } from '../contract/lab'
import type { AnalystInput } from '../contract/worker'
import { removeLeftoversOf } from '../files/atomic'
import { isPath, summaryOf } from '../data/open-dataset'
import { describe } from './evaluation'
import { domainToOpen } from './named-paths'
import { pixelScaling } from './presumed'
import type { LabContext } from './context'

export interface PredictorOrder {
  readonly checkpoint: string
  readonly pixels?: Pixels | undefined
  readonly encoder: 'source' | 'target'
  readonly classes?: readonly string[] | undefined
}

type StoredOrder = Omit<AnalystInput<'predict'>, 'dataset'>

/**
 * The names of the classes: those given, else the source's.
 * @throws `class-names-misfit`, and `classes-unnamed` if the checkpoint does not say them
 */
function namesOf(
  { checkpoint, classes: given }: PredictorOrder,
  experiment: Experiment | null,
  count: number,
): string[] {
  const names = given ?? experiment?.source.classes
  if (names === undefined || (given === undefined && names.some(isNamedByPosition))) {
    throw labError('classes-unnamed', { file: checkpoint, count })
  }
  if (names.length === count) return [...names]
  throw labError('class-names-misfit', { file: checkpoint, count, found: names.length })
}

async function predictorFor(context: LabContext, order: PredictorOrder): Promise<StoredOrder> {
  const { checkpoint, pixels, encoder } = order
  const described = await describe(context, checkpoint)
  const experiment = described.facts?.experiment ?? null
  return {
    checkpoint,
    encoder,
    pixels: pixelScaling(described, pixels, checkpoint),
    classes: namesOf(order, experiment, described.classes),
    source: experiment && (await domainToOpen(context, checkpoint, experiment.source)),
    datasets: context.folders().datasets,
    threads: context.threads(),
  }
}

/** The dataset's own id for a name that is written in another way. */
async function idOf({ folders }: LabContext, dataset: string): Promise<string> {
  return isPath(dataset) ? dataset : (await summaryOf(dataset, folders().datasets)).id
}

/** @throws what the analyst's task throws, and `reading-cancelled` */
export async function predict(
  context: LabContext,
  { dataset, ...order }: PredictorOrder & { readonly dataset: string },
): Promise<CommandOutput<'predict'>> {
  const id = await idOf(context, dataset)
  return context.predictions.ask('predict', { ...(await predictorFor(context, order)), dataset: id })
}

type WritingOrder = z.output<(typeof commands)['writePredictions']['input']>

/** @throws what the analyst's task throws, and `reading-cancelled` */
export async function writePredictions(
  context: LabContext,
  order: WritingOrder,
): Promise<CommandOutput<'writePredictions'>> {
  const { samples, out } = order
  const named = 'dataset' in samples ? { dataset: await idOf(context, samples.dataset) } : samples
  const stored = await predictorFor(context, order)
  try {
    return await context.predictions.ask('writePredictions', { ...order, ...stored, samples: named })
  } catch (error) {
    // A cancelled or crashed analyst cannot remove what it had begun to write.
    await removeLeftoversOf(dirname(out), context.predictions.ended())
    throw error
  }
}

/** The checkpoints of the run that a checkpoint belongs to, by round, the source stage as round 0. */
async function roundsBeside(checkpoint: string): Promise<AnalystInput<'inspect'>['rounds']> {
  const folder = dirname(checkpoint)
  if (basename(folder) !== 'checkpoints') return []
  const list = await listCheckpoints(dirname(folder)).catch(() => [])
  return list.filter(({ damage }) => damage === null).map(({ round, path }) => ({ round: round ?? 0, path }))
}

/** @throws what the analyst's task throws */
export async function inspect(
  context: LabContext,
  { dataset, sample, ...order }: PredictorOrder & { readonly dataset: string; readonly sample: number },
): Promise<CommandOutput<'inspect'>> {
  const id = await idOf(context, dataset)
  const stored = await predictorFor(context, order)
  const rounds = await roundsBeside(order.checkpoint)
  return context.analyst.ask('inspect', { ...stored, dataset: id, sample, rounds })
}
