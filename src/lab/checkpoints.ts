/** Lists, exports and imports checkpoint files. */
import { extname } from 'path'
import { listCheckpoints } from '../checkpoints/checkpoint-list'
import { appendEvent } from '../checkpoints/metrics'
import { checkpointPath } from '../checkpoints/run-folder'
import { createRun, findRun, listRuns } from '../checkpoints/runs'
import { labError } from '../contract/errors'
import type { CommandInput, CommandOutput } from '../contract/lab'
import type { CheckpointSummary } from '../contract/run'
import type { Pixels } from '../contract/experiment'
import type { CheckpointFacts } from '../contract/record'
import type { AnalystOrder } from '../contract/worker'
import { exists } from '../files/exists'
import type { LabContext } from './context'
import { describe } from './evaluation'
import { domainToOpen } from './named-paths'
import { assumptionsIn, pixelScaling, presumedExperiment, presumedFacts, presumedRound } from './presumed'

export async function checkpointsOf(
  context: Pick<LabContext, 'folders'>,
  run: string | undefined,
): Promise<CheckpointSummary[]> {
  const { data } = context.folders()
  if (run !== undefined) return listCheckpoints(await findRun(data, run))
  const runs = await listRuns(data)
  // A run whose folder cannot be read does not hide the others; its own summary reports the problem.
  const lists = runs.map(({ folder }) => listCheckpoints(folder).catch(() => []))
  return (await Promise.all(lists)).flat()
}

type ExportOrder = CommandInput<'export'>
type Preparation = Pick<AnalystOrder<'exportCheckpoint'>, 'pixels' | 'source' | 'target'>

/** For an export of the weights alone. */
const noPreparation: Preparation = { pixels: null, source: null, target: null }

/**
 * `out` is a file for safetensors, a folder for the other formats; an existing one is never overwritten.
 * @throws `already-there`; `pixels-unknown`, `pixels-known`, `pixels-of-vectors` for PyTorch; what reading throws
 */
export async function exportCheckpoint(
  context: LabContext,
  { pixels, ...order }: ExportOrder,
): Promise<CommandOutput<'export'>> {
  const { format, out } = order
  const path = format === 'safetensors' && extname(out) !== '.safetensors' ? `${out}.safetensors` : out
  if (await exists(path)) throw labError('already-there', { path })
  const isPrepared = format === 'tfjs' || format === 'pytorch'
  return context.analyst.ask('exportCheckpoint', {
    ...order,
    ...(isPrepared ? await preparationFor(context, order, pixels) : noPreparation),
    out: path,
    datasets: context.folders().datasets,
    threads: context.threads(),
  })
}

/** What the analyst needs to describe how samples are prepared. The scaling of pixels is no part of a tfjs model. */
async function preparationFor(
  context: LabContext,
  { checkpoint, format }: Pick<ExportOrder, 'checkpoint' | 'format'>,
  pixels: Pixels | undefined,
): Promise<Preparation> {
  const described = await describe(context, checkpoint)
  const isLeftOpen = described.facts === null && pixels === undefined && format === 'tfjs'
  const scaling = isLeftOpen ? null : pixelScaling(described, pixels, checkpoint)
  if (described.facts === null) return { ...noPreparation, pixels: scaling }
  const { source, target } = described.facts.experiment
  return {
    pixels: scaling,
    source: await domainToOpen(context, checkpoint, source),
    target: await domainToOpen(context, checkpoint, target),
  }
}

/**
 * Creates a finished run from a weights file. A file from another program does not say what it was trained on; the
 * published recipe is assumed, with as many classes as the file has.
 * @throws what `pixelScaling` throws, and what reading the file throws
 */
export async function importCheckpoint(
  context: LabContext,
  { path, pixels: asked }: CommandInput<'import'>,
): Promise<CommandOutput<'import'>> {
  const weights = await context.analyst.ask('describeWeights', { path })
  const pixels = pixelScaling(weights, asked, path)
  const experiment = weights.facts?.experiment ?? (await presumedExperiment(weights, pixels, path))
  const { data } = context.folders()
  const machinery = weights.facts?.machinery ?? null
  const round = weights.facts === null ? presumedRound(weights) : weights.facts.round
  const started = { machinery, parent: null, rounds: round ?? 0, state: 'finished' } as const
  const run = { experiment, ...started, imported: { allowed: [] } }
  const { record, folder, release } = await createRun(data, run, async (making, { id }) => {
    const facts = weights.facts ?? presumedFacts(id, experiment, round)
    await context.analyst.ask('copyWeights', { path, facts, out: checkpointPath(making, round) })
    await recordMeasures(making, facts)
  })
  await release().catch(() => undefined)
  const assumed = weights.facts === null ? assumptionsIn(experiment, round) : []
  return { run: record.id, checkpoint: checkpointPath(folder, round), notes: weights.notes, assumed }
}

/** Records the measures stored in the checkpoint as a round event. */
async function recordMeasures(folder: string, { round, measures, created }: CheckpointFacts): Promise<void> {
  if (measures === null) return
  await appendEvent(folder, {
    type: 'round',
    time: created,
    round: round ?? 0,
    losses: {},
    measures,
    verdicts: null,
    verdictsOnSource: null,
    seconds: 0,
    pairsPerSecond: null,
  })
}
