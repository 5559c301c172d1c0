/** The checkpoints that lie in a run's folder, without opening them. */
import { promises as fs } from 'fs'
import { basename } from 'path'
import type { CheckpointSummary } from '../contract/lab'
import { annotationsSchema } from '../contract/record'
import { readAnnotations } from './annotations'
import { namesIn } from '../files/folder'
import { readHistory } from './metrics'
import { accuraciesIn, bestRound, roundEvents } from './rounds'
import { checkpointPath, checkpointsFolder, roundOf, type Round } from './run-folder'
import { readRecord } from './run-record'

/** The source stage first, then by round; measures come from metrics.jsonl. */
export async function listCheckpoints(folder: string): Promise<CheckpointSummary[]> {
  // A damaged record or annotation is said by the run's summary; its checkpoints are listed all the same.
  const record = await readRecord(folder).catch(() => null)
  const { name, pinned } = await readAnnotations(folder).catch(() => annotationsSchema.parse({}))
  const rounds = roundEvents((await readHistory(folder)).events)
  const best = bestRound(accuraciesIn(rounds))
  const list = (await roundsOnDisk(folder)).map(async (round): Promise<CheckpointSummary> => {
    const path = checkpointPath(folder, round)
    const { size, mtime } = await fs.stat(path)
    return {
      path,
      run: basename(folder),
      runName: name ?? record?.experiment.name ?? basename(folder),
      round,
      created: mtime.toISOString(),
      bytes: size,
      pinned: round !== null && pinned.includes(round),
      best: round !== null && round === best,
      // The source stage's checkpoint is what round 0 measures: straight transfer.
      measures: rounds.get(round ?? 0)?.measures ?? null,
      damage: size === 0 ? { code: 'checkpoint-empty', params: { file: basename(path) } } : null,
    }
  })
  return Promise.all(list)
}

/** The source stage (null) first, then the rounds in order. */
export async function roundsOnDisk(folder: string): Promise<Round[]> {
  return (await namesIn(checkpointsFolder(folder)))
    .map(roundOf)
    .filter((round): round is Round => round !== undefined)
    .sort((a, b) => (a ?? -1) - (b ?? -1))
}
