/** How much of a disk a run takes, and whether there is that much left. */
import { execFile } from 'child_process'
import { promises as fs } from 'fs'
import { dirname, resolve } from 'path'
import { promisify } from 'util'
import { labError } from '../contract/errors'
import type { Experiment, Optimiser } from '../contract/experiment'
import type { MethodDeclaration } from '../contract/method'
import { isMissing } from '../files/file-error'
import { networkBytes, type NetworkId } from './shapes'

/** Metrics, record and header of a round, and the points of its view: an upper estimate. */
const bytesBesideTensors = 200_000

/**
 * The most that a run will take on the disk, in bytes: the rounds that its policy keeps, one more while the
 * next is being written, the state of a pause, and as much for each attempt that may be given up.
 */
export function estimateBytes(
  { model, source, adaptation, retention, restarts }: Experiment,
  { networks }: Pick<MethodDeclaration, 'networks'>,
): number {
  const bytes = (network: NetworkId) => networkBytes(network, model, source.classes.length)
  const stage = bytes('source_encoder') + bytes('classifier')
  const learning = networks.reduce((sum, network) => sum + bytes(network), bytes('target_encoder'))
  const round = stage + learning
  const pause = round + valuesRemembered(adaptation.optimiser) * learning
  const kept = {
    every: adaptation.epochs,
    'every-nth': Math.floor(adaptation.epochs / retention.nth) + 1,
    'best-and-last': 2,
  }[retention.keep]
  const rounds = Math.min(kept + 1, adaptation.epochs)
  const attempts = (restarts?.most ?? 0) * pause
  return stage + rounds * round + attempts + pause + (adaptation.epochs + 1) * bytesBesideTensors
}

/** How many values an optimiser keeps beside each weight. */
function valuesRemembered(optimiser: Optimiser): number {
  if (optimiser.kind === 'adam') return 2
  return optimiser.momentum > 0 ? 1 : 0
}

/** @throws `not-enough-space` with both figures; where the system does not say what is free, nothing */
export async function checkSpace(folder: string, needed: number): Promise<void> {
  const free = await freeBytes(folder)
  if (free !== null && free < needed) {
    throw labError('not-enough-space', { needed: inWords(needed), free: inWords(free), path: folder })
  }
}

/** What a user may still write in `folder`, which need not exist yet; null where the system does not say. */
export async function freeBytes(folder: string): Promise<number | null> {
  const existing = await nearestExisting(resolve(folder))
  if (!('statfs' in fs)) return freeByDf(existing)
  // eslint-disable-next-line n/no-unsupported-features/node-builtins -- Node 12 has none, and is asked above
  const { bavail, bsize } = await fs.statfs(existing)
  return bavail * bsize
}

/** POSIX: `df -kP` prints a line of heads, then: file system, blocks, used, available, capacity, mount point. */
export async function freeByDf(folder: string): Promise<number | null> {
  try {
    const { stdout } = await promisify(execFile)('df', ['-kP', folder])
    const available = Number(/^.*\s(\d+)\s+\d+%\s/m.exec(stdout)?.[1])
    return Number.isFinite(available) ? available * 1024 : null
  } catch {
    return null
  }
}

async function nearestExisting(folder: string): Promise<string> {
  try {
    await fs.access(folder)
    return folder
  } catch (problem) {
    if (!isMissing(problem) || dirname(folder) === folder) return folder
    return nearestExisting(dirname(folder))
  }
}

/** Figures as disks are sold: 6.7 MB is 6,700,000 bytes. */
function inWords(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power] ?? ''}`
}
