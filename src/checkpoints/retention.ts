/**
 * Decides which rounds' checkpoints are kept. The source stage, the last round and pinned rounds are always kept, as
 * are the metrics and views of every round, which are small.
 */
import { isOptimiserState } from './optimiser-state'
import { promises as fs } from 'fs'
import type { Experiment } from '../contract/experiment'
import { readAnnotations } from './annotations'
import { roundsOnDisk } from './checkpoint-list'
import { inspectCheckpoint, writeCheckpoint } from './checkpoint'
import { fileError } from '../files/file-error'
import { readMerits } from './metrics'
import { bestRound } from './rounds'
import { checkpointPath } from './run-folder'

/** An experiment's policy, or the one requested by `free`. */
export type Keep = Experiment['retention'] | { readonly keep: 'last' }

export interface Marks {
  readonly best: number | null
  readonly pinned: readonly number[]
}

/** The rounds on disk that `rule` does not keep. */
export function roundsToDelete(rounds: readonly number[], rule: Keep, { best, pinned }: Marks): number[] {
  const last = Math.max(...rounds)
  const keeps = (round: number) => {
    if (rule.keep === 'every') return true
    if (rule.keep === 'every-nth') return round % rule.nth === 0
    return rule.keep === 'best-and-last' && round === best
  }
  return rounds.filter((round) => round !== last && !pinned.includes(round) && !keeps(round))
}

/** The rounds on disk that `rule` does not keep, and the size of their checkpoints in bytes. */
export async function freeable(folder: string, rule: Keep): Promise<{ rounds: number[]; bytes: number }> {
  const rounds = await unkeptRounds(folder, rule)
  const stats = await Promise.all(rounds.map((round) => fs.stat(checkpointPath(folder, round))))
  return { rounds, bytes: stats.reduce((sum, { size }) => sum + size, 0) }
}

async function unkeptRounds(folder: string, rule: Keep): Promise<number[]> {
  if (rule.keep === 'every') return []
  const { pinned } = await readAnnotations(folder)
  const marks = { best: bestRound(await readMerits(folder)), pinned }
  return roundsToDelete(await adaptedRounds(folder), rule, marks)
}

/**
 * Deletes the checkpoints that `rule` does not keep. Returns the number of bytes freed.
 * @param agreed the rounds that the user has agreed to delete; by default all
 */
export async function applyRetention(
  folder: string,
  rule: Keep,
  agreed?: readonly number[],
): Promise<number> {
  let freed = 0
  const unkept = await unkeptRounds(folder, rule)
  for (const round of unkept.filter((one) => agreed?.includes(one) !== false)) {
    const path = checkpointPath(folder, round)
    const { size } = await fs.stat(path)
    await fs.unlink(path).catch((problem: unknown) => {
      throw fileError(problem, path)
    })
    freed += size
  }
  return freed
}

/**
 * Removes the optimisers' state from the round before `latest`, if that checkpoint exists. The state more than doubles
 * a checkpoint and is used only for resuming, so only the latest checkpoint has it.
 */
export async function dropEarlierOptimiserState(folder: string, latest: number): Promise<void> {
  const earlier = (await adaptedRounds(folder)).filter((round) => round < latest).pop()
  if (earlier === undefined) return
  const path = checkpointPath(folder, earlier)
  const { facts, tensors } = await inspectCheckpoint(path)
  const networks = tensors.filter((tensor) => !isOptimiserState(tensor))
  if (facts !== null && networks.length < tensors.length) await writeCheckpoint(path, facts, networks)
}

async function adaptedRounds(folder: string): Promise<number[]> {
  return (await roundsOnDisk(folder)).filter((round): round is number => round !== null)
}
