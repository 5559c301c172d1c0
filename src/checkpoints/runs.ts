/** The runs of a data folder: made, found by id, listed. */
import { promises as fs } from 'fs'
import { basename, dirname, join } from 'path'
import { labError } from '../contract/errors'
import type { RunSummary } from '../contract/run'
import { nearest } from '../contract/nearest'
import type { RunRecord } from '../contract/record'
import { makeFolder, move, removeLeftovers } from '../files/atomic'
import { fileError, hasCode, knownAs } from '../files/file-error'
import { folderNames, removeFolder } from '../files/folder'
import { acquireLock, lockHolder, releaseLock, type Release } from './lock'
import { checkpointsFolder, pauseFolder, runsFolder, viewsFolder } from './run-folder'
import { newRunId } from './run-id'
import { writeRecord } from './run-record'
import { summarise } from './summary'

/** What a new run's record does not get by itself. */
export type NewRun = Pick<RunRecord, 'experiment' | 'machinery' | 'parent' | 'state' | 'imported'> & {
  /** Of which it begins with the last one's checkpoint. */
  readonly rounds?: number | undefined
}

/** Puts into a new run's folder, while it is hidden, what the run has from its beginning. */
export type FillRunFolder = (making: string, record: RunRecord) => Promise<void>

export interface LockedRun {
  readonly record: RunRecord
  readonly folder: string
  readonly release: Release
}

/**
 * A new run, whole and locked by this process before anyone can see it: it is made under a hidden name.
 * @throws `no-permission`, `disk-full`, and what `fill` throws; then nothing is left behind
 */
export async function createRun(
  dataFolder: string,
  run: NewRun,
  fill: FillRunFolder = () => Promise.resolve(),
): Promise<LockedRun> {
  const created = new Date()
  await makeFolder(runsFolder(dataFolder))
  await removeUnfinished(runsFolder(dataFolder))
  const { id, making } = await makeHidden(runsFolder(dataFolder), run.experiment.name, created)
  const folder = join(runsFolder(dataFolder), id)
  try {
    await acquireLock(making)
    const record: RunRecord = {
      schema: 1,
      id,
      created: created.toISOString(),
      ...run,
      rounds: run.rounds ?? 0,
      labelledTarget: [],
      failure: null,
    }
    await makeFolder(checkpointsFolder(making))
    await writeRecord(making, record)
    await fill(making, record)
    await move(making, folder, folder)
    return { record, folder, release: () => releaseLock(folder) }
  } catch (problem) {
    await removeFolder(making)
    throw knownAs(problem, making, folder)
  }
}

/** Takes a run that came to nothing away, lock and all; nobody sees it without its lock or in parts. */
export async function withdrawRun(folder: string): Promise<void> {
  const hidden = hiddenName(dirname(folder), basename(folder))
  await move(folder, hidden)
  await removeFolder(hidden)
}

/**
 * The lock of a run, with what a killed writer left half-written swept away.
 * @param from the process that holds it for this one; null where it is to be free
 * @throws `run-locked`
 */
export async function lockRun(folder: string, from: number | null = null): Promise<Release> {
  const release = await acquireLock(folder, from)
  for (const inside of [checkpointsFolder(folder), viewsFolder(folder), pauseFolder(folder)]) {
    await removeLeftovers(inside)
  }
  return release
}

/** The folder of a run. Throws `unknown-run` with the nearest id. */
export async function findRun(dataFolder: string, id: string): Promise<string> {
  const ids = await folderNames(runsFolder(dataFolder))
  const found = [id, id.normalize('NFC')].find((name) => ids.includes(name))
  if (found === undefined) throw labError('unknown-run', { name: id, nearest: nearest(id, ids) })
  return join(runsFolder(dataFolder), found)
}

/** Every run of a data folder, the newest first. */
export async function listRuns(dataFolder: string): Promise<RunSummary[]> {
  return summariseAll(runsFolder(dataFolder))
}

/** A summary of every folder in `parent`, the newest first. */
export async function summariseAll(parent: string): Promise<RunSummary[]> {
  const names = await folderNames(parent)
  const summaries = await Promise.all(names.map((name) => summarise(join(parent, name))))
  // What was moved away while it was being read looks damaged, or left by its trainer: it is not there.
  const left = await folderNames(parent)
  return summaries
    .filter(({ id }) => left.includes(id))
    .sort((a, b) => (a.created < b.created ? 1 : a.created > b.created ? -1 : 0))
}

const hiddenName = (parent: string, id: string): string => join(parent, `.${id}.unfinished`)

async function makeHidden(parent: string, name: string, created: Date) {
  for (;;) {
    const id = newRunId(name, created)
    const making = hiddenName(parent, id)
    try {
      await fs.mkdir(making)
      // As good as impossible, here and above: another run drew the same four letters today.
      if (!(await folderNames(parent)).includes(id)) return { id, making }
      await removeFolder(making)
    } catch (problem) {
      if (!hasCode(problem, 'EEXIST')) throw fileError(problem, parent)
    }
  }
}

const isUnfinished = (name: string): boolean => /^\..+\.unfinished$/.test(name)

/** Longer than the making of any run, in ms. */
const abandonedAfter = 3_600_000

/** What programs that were killed in the making of a run left behind. */
async function removeUnfinished(parent: string): Promise<void> {
  const names = await fs.readdir(parent).catch((problem: unknown) => {
    throw fileError(problem, parent)
  })
  for (const path of names.filter(isUnfinished).map((name) => join(parent, name))) {
    const { mtimeMs } = await fs.stat(path).catch(() => ({ mtimeMs: Infinity }))
    const isAbandoned = Date.now() - mtimeMs > abandonedAfter && (await lockHolder(path)) === null
    if (isAbandoned) await removeFolder(path)
  }
}
