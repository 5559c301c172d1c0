/**
 * pause/: one file with everything a stopped run needs to resume as if it had never stopped. Its tensors are in memory
 * layout and it holds no experiment, so it is refused as a checkpoint.
 */
import { promises as fs } from 'fs'
import { z } from 'zod'
import { labError } from '../contract/errors'
import { makeFolder, writeAtomic } from '../files/atomic'
import { readBytes } from './checkpoint'
import { fileError, isMissing } from '../files/file-error'
import { pathOfIssue } from '../contract/issue'
import { pauseFolder, pausePath } from './run-folder'
import { decodeTensors, type NamedTensor } from './safetensors'
import { seal, unseal } from './sealed'

/** The training's position. The trainer's own quantities are stored next to it and come back unchanged. */
const pauseStateSchema = z.looseObject({
  phase: z.enum(['source', 'adaptation']),
  round: z.int().min(0),
  step: z.int().min(0),
})
export type PauseState = z.infer<typeof pauseStateSchema>

export interface Pause<State> {
  readonly state: State
  readonly tensors: readonly NamedTensor[]
}

export interface PausePosition {
  readonly phase: 'source' | 'adaptation'
  readonly round: number
  readonly step: number
}

/** Writes state and tensors as one file, replacing an earlier one. `state` is plain JSON. */
export async function writePause(folder: string, { state, tensors }: Pause<PausePosition>): Promise<void> {
  await makeFolder(pauseFolder(folder))
  await writeAtomic(pausePath(folder), seal({ kind: 'pause', facts: state, tensors }))
}

/**
 * The state of a stopped run; null if there is none.
 * @throws what `readCheckpoint` throws for a damaged file
 */
export async function readPause(folder: string): Promise<Pause<PauseState> | null> {
  const file = pausePath(folder)
  if (!(await hasPause(folder))) return null
  const bytes = await readBytes(file)
  const { seal, header } = unseal(bytes, file)
  if (seal?.kind !== 'pause')
    throw labError('checkpoint-malformed', { file, problem: 'other-kind', place: seal?.kind ?? 'header' })
  const state = pauseStateSchema.safeParse(seal.facts)
  if (!state.success) {
    const place = pathOfIssue(state.error)
    throw labError('checkpoint-malformed', { file, problem: 'misfit', place })
  }
  return { state: state.data, tensors: decodeTensors(bytes, header, file) }
}

/** Whether a stopped run can resume at its last position. */
export async function hasPause(folder: string): Promise<boolean> {
  try {
    await fs.access(pausePath(folder))
    return true
  } catch (problem) {
    if (isMissing(problem)) return false
    throw fileError(problem, pausePath(folder))
  }
}

/** Deletes the pause: it is obsolete once training has gone past it. */
export async function clearPause(folder: string): Promise<void> {
  await fs.unlink(pausePath(folder)).catch((problem: unknown) => {
    if (!isMissing(problem)) throw fileError(problem, pausePath(folder))
  })
}
