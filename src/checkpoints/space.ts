/** Estimates the disk space that a run takes, and compares it with the free space. */
import { execFile } from 'child_process'
import { promises as fs } from 'fs'
import { dirname, resolve } from 'path'
import { promisify } from 'util'
import { labError } from '../contract/errors'
import type { Experiment, Optimiser } from '../contract/experiment'
import type { MethodDeclaration } from '../contract/method'
import { isMissing } from '../files/file-error'
import { networkBytes, type NetworkId } from './shapes'

/** Upper estimate for one round: metrics, record, header, and the points of its view. */
const bytesBesideTensors = 200_000

/**
 * Upper bound of the disk space of a run, in bytes: the rounds kept by its policy, one more while the next is being
 * written, the state of a pause, and the same size for each attempt that may be abandoned.
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
  const atSourceStage = adaptation.statistics === 'method' ? stage : round
  return atSourceStage + rounds * round + attempts + pause + (adaptation.epochs + 1) * bytesBesideTensors
}

/** Number of values that an optimiser keeps for each weight. */
function valuesRemembered(optimiser: Optimiser): number {
  if (optimiser.kind === 'adam') return 2
  return optimiser.momentum > 0 ? 1 : 0
}

/** @throws `not-enough-space` with both figures; passes if the system does not report the free space */
export async function checkSpace(folder: string, needed: number): Promise<void> {
  const free = await freeBytes(folder)
  if (free !== null && free < needed) {
    throw labError('not-enough-space', { needed: inWords(needed), free: inWords(free), path: folder })
  }
}

/** Bytes that the user may still write in `folder`, which need not exist yet; null if the system does not report it. */
export async function freeBytes(folder: string): Promise<number | null> {
  const existing = await nearestExisting(resolve(folder))
  if (!('statfs' in fs)) return freeByDf(existing)
  // eslint-disable-next-line n/no-unsupported-features/node-builtins -- Node 12 has none, and is asked above
  const { bavail, bsize } = await fs.statfs(existing)
  return bavail * bsize
}

/** POSIX: `df -kP` prints a header line, then: file system, blocks, used, available, capacity, mount point. */
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

/** Decimal units, as for disks: 6.7 MB is 6,700,000 bytes. */
function inWords(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power] ?? ''}`
}
