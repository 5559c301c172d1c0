/** Opens a checkpoint file from anywhere: in the run here that holds it, or else in a new run created from it. */
import { promises as fs } from 'fs'
import { fileError } from '../files/file-error'
import type { CommandInput, CommandOutput } from '../contract/lab'
import { checkpointsOf, importCheckpoint } from './checkpoints'
import type { LabContext } from './context'

/**
 * A file that is opened twice is imported once.
 * @throws `checkpoint-not-ours`, `not-a-file`, and what reading and importing a checkpoint throw
 */
export async function openCheckpoint(
  context: LabContext,
  order: CommandInput<'open'>,
): Promise<CommandOutput<'open'>> {
  return (await findHeld(context, order.path)) ?? importCheckpoint(context, order)
}

/** The checkpoint of a run here that is this file, else one with the same content. */
async function findHeld(context: LabContext, path: string): Promise<CommandOutput<'open'> | null> {
  const { size } = await fs.stat(path).catch((problem: unknown) => {
    throw fileError(problem, path)
  })
  const alike = (await checkpointsOf(context, undefined)).filter(({ bytes }) => bytes === size)
  const { held } = await context.analyst.ask('findHeld', { path, held: alike.map((one) => one.path) })
  const same = alike.find((one) => one.path === held)
  if (same === undefined) return null
  return { run: same.run, checkpoint: same.path, notes: [], assumed: [] }
}
