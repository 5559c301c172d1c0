/** Creates, finds and lists the runs of a data folder. */
import { promises as fs } from 'fs'
import { basename, dirname, join } from 'path'
import { recordSchema } from '../contract/earlier'
import { labError } from '../contract/errors'
import type { RunSummary } from '../contract/run'
import { knownName } from '../contract/known-name'
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

/** The fields of a new run's record that the caller provides. */
export type NewRun = Pick<RunRecord, 'experiment' | 'machinery' | 'parent' | 'state' | 'imported'> & {
  /** Rounds already complete: the run begins with the checkpoint of the last of them. */
  readonly rounds?: number | undefined
}

/** Adds initial content to a new run's folder while the folder is still hidden. */
export type FillRunFolder = (making: string, record: RunRecord) => Promise<void>

export interface LockedRun {
  readonly record: RunRecord
  readonly folder: string
  readonly release: Release
}

/**
 * Creates a run under a hidden name, so that it is complete and locked by this process when it becomes visible.
 * @throws `no-permission`, `disk-full`, and what `fill` throws; in every case nothing is left behind
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
      schema: recordSchema,
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

/**
 * Removes a run that failed to start, including its lock. It is hidden first, so no process sees it unlocked or
 * incomplete.
 */
export async function withdrawRun(folder: string): Promise<void> {
  const hidden = hiddenName(dirname(folder), basename(folder))
  await move(folder, hidden)
  await removeFolder(hidden)
}

/**
 * Locks a run and removes incomplete files left by a killed writer.
 * @param from the process that hands the lock over to this one; null if the lock is expected to be free
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
  const found = knownName(id, ids)
  if (!ids.includes(found)) throw labError('unknown-run', { name: id, nearest: nearest(id, ids) })
  return join(runsFolder(dataFolder), found)
}

/** All runs of a data folder, newest first. */
export async function listRuns(dataFolder: string): Promise<RunSummary[]> {
  return summariseAll(runsFolder(dataFolder))
}

/** A summary of every folder in `parent`, newest first. */
export async function summariseAll(parent: string): Promise<RunSummary[]> {
  const names = await folderNames(parent)
  const summaries = await Promise.all(names.map((name) => summarise(join(parent, name))))
  // A run that was moved away during reading would appear as damaged or interrupted, so it is left out.
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
      // Practically impossible, here and above: another run drew the same four letters today.
      if (!(await folderNames(parent)).includes(id)) return { id, making }
      await removeFolder(making)
    } catch (problem) {
      if (!hasCode(problem, 'EEXIST')) throw fileError(problem, parent)
    }
  }
}

const isUnfinished = (name: string): boolean => /^\..+\.unfinished$/.test(name)

/** In ms; creating a run never takes this long. */
const abandonedAfter = 3_600_000

/** Removes what killed programs left behind while creating a run. */
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
