/** The attempts of a run that restarts training when a result is not accepted. */
import { promises as fs } from 'fs'
import { dirname } from 'path'
import type { Attempt, RecordedEvent } from '../contract/record'
import { makeFolder, writeAtomic } from '../files/atomic'
import { removeFolder } from '../files/folder'
import { readBytes } from './checkpoint'
import { attemptPath, checkpointPath, checkpointsFolder, viewsFolder, type Round } from './run-folder'

/** The finished attempts, in order: the summary of each, without its measures. */
export function attemptsIn(events: readonly RecordedEvent[]): Attempt[] {
  const byNumber = new Map<number, Attempt>()
  for (const event of events) {
    if (event.type !== 'attempt') continue
    const { attempt, seed, mutualInformation, agreement, verdict } = event
    byNumber.set(attempt, { attempt, seed, mutualInformation, agreement, verdict })
  }
  return [...byNumber.values()]
}

/** The number of the current attempt, from 1. */
export function presentAttempt(events: readonly RecordedEvent[]): number {
  return 1 + attemptsIn(events).filter(({ verdict }) => verdict === 'restarted').length
}

/** Keeps a copy of the checkpoint with which an attempt ended. */
export async function keepAttempt(folder: string, attempt: number, round: Round): Promise<void> {
  const path = attemptPath(folder, attempt)
  await makeFolder(dirname(path))
  await writeAtomic(path, await readBytes(checkpointPath(folder, round)))
}

/** Deletes the rounds of the previous attempt, before the next attempt writes its first. */
export async function clearRounds(folder: string): Promise<void> {
  await removeFolder(checkpointsFolder(folder))
  await removeFolder(viewsFolder(folder))
  await fs.mkdir(checkpointsFolder(folder))
}
