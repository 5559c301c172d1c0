/** Reads checkpoint files. Files of unknown origin are read in this process, where a crash loses nothing else. */
import { promises as fs } from 'fs'
import { extname } from 'path'
import type { AnalystOrder, AnalystOutput } from '../contract/worker'
import { inspectCheckpoint, readCheckpoint, writeCheckpoint } from '../checkpoints/checkpoint'
import { requireFit } from '../checkpoints/fit'
import { importWeights, recogniseNetworks, type ImportedWeights } from '../checkpoints/import'
import { readPause } from '../checkpoints/pause'
import { isOfAnotherProgram, peekHeader } from '../checkpoints/peek'
import { maxShown, type NamedTensor } from '../checkpoints/safetensors'
import { declaredNetworks } from '../methods/networks'
import { methodNamed } from '../methods/registry'
import { requireUsable } from '../checkpoints/usable-weights'
import { labError, toErrorMessage, type ErrorMessage } from '../contract/errors'
import { note, type Note } from '../contract/note'
import { shortened } from '../contract/shortened'

export async function show({
  path,
}: AnalystOrder<'showCheckpoint'>): Promise<AnalystOutput<'showCheckpoint'>> {
  const { facts, tensors, entries, origin } = await inspectCheckpoint(path, declaredNetworks)
  const { size } = await fs.stat(path)
  return {
    facts,
    tensors: entries.map(({ name, shape, dtype }) => ({ name, shape: [...shape], dtype })),
    bytes: size,
    origin,
    damage: damageOf(tensors, path),
  }
}

function damageOf(tensors: readonly NamedTensor[], path: string): ErrorMessage | null {
  try {
    requireUsable(tensors, path, declaredNetworks)
    return null
  } catch (error) {
    return toErrorMessage(error)
  }
}

/** @throws `checkpoint-without-classifier`, and what reading and `recogniseNetworks` throw */
export async function describeCheckpoint({
  path,
}: AnalystOrder<'describeCheckpoint'>): Promise<AnalystOutput<'describeCheckpoint'>> {
  const { facts, tensors } = await readCheckpoint(path, declaredNetworks)
  const holds = (network: string) => tensors.some(({ name }) => name.startsWith(`${network}.`))
  if (holds('source_encoder') && !holds('classifier')) {
    throw labError('checkpoint-without-classifier', { file: path })
  }
  const { classes, model } = recogniseNetworks(tensors, path, declaredNetworks)
  return { facts, classes, model }
}

/** @throws `checkpoint-foreign`, and what reading and `requireFit` throw */
export async function checkFit({
  path,
  experiment,
}: AnalystOrder<'checkFit'>): Promise<AnalystOutput<'checkFit'>> {
  const { facts, tensors } = await readCheckpoint(path, declaredNetworks)
  if (facts === null) throw labError('checkpoint-foreign', { file: path })
  requireFit(tensors, experiment, methodNamed(experiment.adaptation.method).declaration, path)
  return {}
}

/** @throws `checkpoint-not-ours`, and what reading a checkpoint throws */
export async function findHeld({ path, held }: AnalystOrder<'findHeld'>): Promise<AnalystOutput<'findHeld'>> {
  const header = await peekHeader(path)
  if (header === null || extname(path).toLowerCase() !== '.safetensors') return { held: null }
  if (isOfAnotherProgram(header)) throw labError('checkpoint-not-ours', { file: path })
  const { origin } = await readCheckpoint(path, declaredNetworks)
  // Only a header with digests identifies the values that follow it.
  return { held: origin === 'verified' ? await sameOf(path, header, held) : null }
}

/** The same file if it is among those held, else the first one with the same header. */
async function sameOf(path: string, header: string, held: readonly string[]): Promise<string | null> {
  const real = await fs.realpath(path)
  let same: string | null = null
  for (const candidate of held) {
    if ((await fs.realpath(candidate)) === real) return candidate
    if (same === null && (await peekHeader(candidate)) === header) same = candidate
  }
  return same
}

export async function describeWeights({
  path,
}: AnalystOrder<'describeWeights'>): Promise<AnalystOutput<'describeWeights'>> {
  const { facts, networks, classes, model, ...found } = await importWeights(path, declaredNetworks)
  return {
    facts,
    adapted: networks.includes('target_encoder'),
    classes,
    model,
    notes: notesOf(found),
  }
}

export function notesOf({ passedOver, removed }: Pick<ImportedWeights, 'passedOver' | 'removed'>): Note[] {
  const count = passedOver.length
  const names = passedOver.map((name) => shortened(name, maxShown))
  return [
    ...(count === 0 ? [] : [note('tensors-passed-over', { count, names })]),
    ...(removed.length === 0 ? [] : [note('prefixes-removed', { names: removed.map((name) => `${name}.`) })]),
  ]
}

export async function copyWeights({
  path,
  facts,
  out,
}: AnalystOrder<'copyWeights'>): Promise<AnalystOutput<'copyWeights'>> {
  const { tensors } = await importWeights(path, declaredNetworks)
  await writeCheckpoint(out, facts, tensors)
  return {}
}

export async function describePause({
  folder,
}: AnalystOrder<'describePause'>): Promise<AnalystOutput<'describePause'>> {
  const pause = await readPause(folder)
  return pause === null ? null : { round: pause.state.round }
}
