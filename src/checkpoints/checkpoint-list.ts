/** The checkpoints that lie in a run's folder, without opening them. */
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
  // What is damaged of these is said by the run's summary; its checkpoints are listed all the same.
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
      // The source stage's checkpoint is what round 0 measures: straight transfer.
      measures: rounds.get(round ?? 0)?.measures ?? null,
    }
    return [{ ...summary, ...file }]
  })
  return (await Promise.all(list)).flat()
}

/** What the file system says of a checkpoint; null where retention took it away since its folder was read. */
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
