/** Lists the checkpoints in a run's folder without opening them. */
import { promises as fs } from 'fs'
import { basename } from 'path'
import { toErrorMessage } from '../contract/errors'
import type { CheckpointSummary } from '../contract/run'
import { annotationsSchema } from '../contract/record'
import { readAnnotations } from './annotations'
import { fileError, isMissing } from '../files/file-error'
import { namesIn } from '../files/folder'
import { noHistory, readHistory } from './metrics'
import { accuraciesIn, bestRound, roundEvents } from './rounds'
import { checkpointPath, checkpointsFolder, roundOf, type Round } from './run-folder'
import { readRecord } from './run-record'

/** The source stage first, then by round; measures come from metrics.jsonl. */
export async function listCheckpoints(folder: string): Promise<CheckpointSummary[]> {
  // The run's summary reports damage in these files; the checkpoints are listed in any case.
  const record = await readRecord(folder).catch(() => null)
  const { name, pinned } = await readAnnotations(folder).catch(() => annotationsSchema.parse({}))
  const { events } = await readHistory(folder).catch(() => noHistory)
  const rounds = roundEvents(events)
  const best = bestRound(accuraciesIn(rounds))
  const list = (await roundsOnDisk(folder)).map(async (round): Promise<CheckpointSummary[]> => {
    const path = checkpointPath(folder, round)
    const file = await lookAt(path)
    if (file === null) return []
    const summary = {
      path,
      run: basename(folder),
      runName: name ?? record?.experiment.name ?? basename(folder),
      round,
      pinned: round !== null && pinned.includes(round),
      best: round !== null && round === best,
      // Round 0 measures the source stage's checkpoint, before any adaptation.
      measures: rounds.get(round ?? 0)?.measures ?? null,
    }
    return [{ ...summary, ...file }]
  })
  return (await Promise.all(list)).flat()
}

/**
 * Reads size and date from the file system. Returns null if retention has deleted the file since the folder was read.
 */
async function lookAt(path: string): Promise<Pick<CheckpointSummary, 'created' | 'bytes' | 'damage'> | null> {
  try {
    const { size, mtime } = await fs.stat(path)
    const empty = { code: 'checkpoint-empty', params: { file: basename(path) } } as const
    return { created: mtime.toISOString(), bytes: size, damage: size === 0 ? empty : null }
  } catch (problem) {
    if (isMissing(problem)) return null
    const damage = toErrorMessage(fileError(problem, path))
    return { created: new Date(0).toISOString(), bytes: 0, damage }
  }
}

/** The source stage (null) first, then the rounds in order. */
export async function roundsOnDisk(folder: string): Promise<Round[]> {
  return (await namesIn(checkpointsFolder(folder)))
    .map(roundOf)
    .filter((round): round is Round => round !== undefined)
    .sort((a, b) => (a ?? -1) - (b ?? -1))
}
