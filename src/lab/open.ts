/** Opening a checkpoint file, wherever it lies: on the run here that holds it, else on a new run made of it. */
import { promises as fs } from 'fs'
import { extname } from 'path'
import { readCheckpoint } from '../checkpoints/checkpoint'
import { isOfAnotherProgram, peekHeader } from '../checkpoints/peek'
import { labError } from '../contract/errors'
import type { CommandOutput } from '../contract/lab'
import { checkpointsOf, importCheckpoint } from './checkpoints'
import type { Place } from './place'

/**
 * Opened twice, a file is imported once.
 * @throws `checkpoint-not-ours`, `not-a-file`, and what reading and importing a checkpoint throw
 */
export async function openCheckpoint(place: Place, path: string): Promise<CommandOutput<'open'>> {
  const header = await peekHeader(path)
  if (header === null || extname(path).toLowerCase() !== '.safetensors') return importCheckpoint(place, path)
  if (isOfAnotherProgram(header)) throw labError('checkpoint-not-ours', { file: path })
  const { origin } = await readCheckpoint(path)
  // Only a header with digests says which values follow it.
  const held = origin === 'verified' ? await findHeld(place, path, header) : null
  return held ?? importCheckpoint(place, path)
}

/** The checkpoint of a run here that is this very file, else one with the same content. */
async function findHeld(place: Place, path: string, header: string): Promise<CommandOutput<'open'> | null> {
  const real = await fs.realpath(path)
  const { size } = await fs.stat(path)
  const alike = (await checkpointsOf(place, undefined)).filter(({ bytes }) => bytes === size)
  let same: CommandOutput<'open'> | null = null
  for (const { path: checkpoint, run } of alike) {
    if ((await fs.realpath(checkpoint)) === real) return { run, checkpoint }
    if (same === null && (await peekHeader(checkpoint)) === header) same = { run, checkpoint }
  }
  return same
}
