/**
 * Decides which dataset paths of a checkpoint may be opened. A run that was started here contains only paths given by
 * its user, so they are opened without asking. An imported run, or a checkpoint outside the data folder's runs, may
 * come from someone else: its paths are opened only after the user names them.
 */
import { promises as fs } from 'fs'
import { join, posix, relative, resolve, sep } from 'path'
import { readHistory } from '../checkpoints/metrics'
import { checkpointFolders, runsFolder } from '../checkpoints/run-folder'
import { readRecord, updateRecord } from '../checkpoints/run-record'
import { lockRun } from '../checkpoints/runs'
import { labError, type LabError } from '../contract/errors'
import type { Domain, Experiment } from '../contract/experiment'
import type { RunRecord } from '../contract/record'
import { isPath } from '../data/open-dataset'
import type { LabContext } from './context'

type Domains = Pick<Experiment, 'source' | 'target'>

/** The run or file that contains a path, and the command-line option with which the user can give the path. */
interface Origin {
  readonly origin: string
  /** Without the path itself: untrusted text must not be copied into a shell. */
  readonly option: string
}

function pathsIn({ source, target }: Domains): string[] {
  return [...new Set([source.dataset, target.dataset])].filter(isPath)
}

/**
 * Whether a path is on the network or a device. Even checking that such a path exists opens it: Windows sends the
 * user's name to the server of `\\host`.
 */
export function isElsewhere(path: string): boolean {
  const inSlashes = (text: string) => posix.normalize(text.replace(/\\/g, '/'))
  const isDevice = (text: string) => /^\/(dev|proc|sys)(\/|$)/i.test(inSlashes(text))
  return /^[\\/]([\\/]|\?\?)/.test(path) || isDevice(path) || isDevice(resolve(path))
}

function refusalOf(path: string, origin: Origin): LabError {
  const code = isElsewhere(path) ? 'path-elsewhere' : 'path-not-named'
  return labError(code, { ...origin, path })
}

/** The paths of a run's experiment that must not be opened until the user allows them. */
export async function pathsToAllow(folder: string, record: RunRecord): Promise<string[]> {
  const named = pathsIn(record.experiment)
  if (named.length === 0 || !(await isImported(folder, record))) return []
  return named.filter((path) => record.imported?.allowed.includes(path) !== true)
}

/**
 * Earlier versions did not record that a run was imported; the history of an imported run does not begin with a
 * training.
 */
async function isImported(folder: string, { imported, parent, state }: RunRecord): Promise<boolean> {
  if (imported !== undefined) return true
  if (parent !== null) return false
  const { events } = await readHistory(folder)
  const first = events.find((event) => event.type === 'started')
  return first === undefined ? state === 'finished' : first.resumedFrom !== null
}

/** @throws `path-not-named`, `path-elsewhere` */
export async function requireAllowed(folder: string, record: RunRecord): Promise<void> {
  await requireNamed(folder, record, record.experiment, {})
}

/**
 * The same for a run that continues with another experiment; datasets given in `changes` count as named by the user.
 * @throws `path-not-named`, `path-elsewhere`
 */
export async function requireNamed(
  folder: string,
  record: RunRecord,
  experiment: Readonly<Record<'source' | 'target', { readonly dataset: string }>>,
  changes: Readonly<Record<string, unknown>>,
): Promise<void> {
  const closed = await pathsToAllow(folder, record)
  const unnamed = (['source', 'target'] as const).filter(
    (role) => closed.includes(experiment[role].dataset) && !(`${role}.dataset` in changes),
  )
  const [first] = unnamed
  if (first === undefined) return
  const option = `--set ${unnamed.map((role) => `${role}.dataset=PATH`).join(' ')}`
  throw refusalOf(experiment[first].dataset, { origin: record.id, option })
}

/** Allows paths of an imported run after the user has seen them. Throws `path-elsewhere`, `run-locked`. */
export async function allowPaths(folder: string, paths: readonly string[]): Promise<void> {
  const release = await lockRun(folder)
  try {
    const record = await readRecord(folder)
    const asked = (await pathsToAllow(folder, record)).filter((path) => paths.includes(path))
    for (const path of asked.filter(isElsewhere))
      throw refusalOf(path, { origin: record.id, option: '--dataset PATH' })
    const allowed = [...(record.imported?.allowed ?? []), ...asked]
    if (asked.length > 0) await updateRecord(folder, { imported: { allowed } })
  } finally {
    await release()
  }
}

/**
 * The experiment's target. If its dataset must not be opened, the dataset that the user names replaces it.
 * @throws `path-not-named`, `path-elsewhere` if the user names none
 */
export async function targetToOpen(
  context: Pick<LabContext, 'folders'>,
  checkpoint: string,
  { target }: Pick<Experiment, 'target'>,
  named: string | undefined,
): Promise<Experiment['target']> {
  const { dataset } = target
  if (await mayOpen(context, checkpoint, dataset)) return target
  if (named !== undefined) return { ...target, dataset: named }
  throw refusalOf(dataset, { origin: checkpoint, option: '--dataset PATH' })
}

/** Whether the dataset, which a checkpoint's experiment names, may be opened without asking. */
async function mayOpen(
  context: Pick<LabContext, 'folders'>,
  checkpoint: string,
  dataset: string,
): Promise<boolean> {
  return !isPath(dataset) || (await isOwn(context, checkpoint, dataset))
}

/** A domain of the checkpoint's experiment; null if its dataset must not be opened. */
export async function domainToOpen(
  context: Pick<LabContext, 'folders'>,
  checkpoint: string,
  domain: Domain,
): Promise<Domain | null> {
  return (await mayOpen(context, checkpoint, domain.dataset)) ? domain : null
}

/**
 * Whether the checkpoint belongs to a run here whose own record, not the checkpoint, contains the path and may open
 * it.
 */
async function isOwn(
  { folders }: Pick<LabContext, 'folders'>,
  checkpoint: string,
  path: string,
): Promise<boolean> {
  const folder = await runOf(runsFolder(folders().data), checkpoint)
  if (folder === null) return false
  const record = await readRecord(folder).catch(() => null)
  if (record === null || !pathsIn(record.experiment).includes(path)) return false
  return !(await pathsToAllow(folder, record)).includes(path)
}

/** The folder of the run that contains a checkpoint, by its path as given or with links followed; null if none does. */
async function runOf(runs: string, checkpoint: string): Promise<string | null> {
  const follow = (path: string) => fs.realpath(path).catch(() => resolve(path))
  const inside =
    partsInside(resolve(runs), resolve(checkpoint)) ??
    partsInside(await follow(runs), await follow(checkpoint))
  if (inside === null) return null
  const [run = '', kind = '', ...rest] = inside
  return checkpointFolders.includes(kind) && rest.length === 1 ? join(runs, run) : null
}

function partsInside(folder: string, path: string): string[] | null {
  const parts = relative(folder, path).split(sep)
  return parts[0] === '..' || parts.length < 2 ? null : parts
}
