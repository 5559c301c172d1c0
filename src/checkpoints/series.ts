/**
 * Series of experiments waiting to run: `<data folder>/queue/<id>/series.json`, next to the lock of the one process
 * that works on the series. A series without a live lock holder was abandoned, and any process may take it over.
 */
import { join } from 'path'
import { seriesRecordSchema, type SeriesRecord } from '../contract/series'
import { recordSchema, seriesByName } from '../contract/earlier'
import { labError } from '../contract/errors'
import { makeFolder, writeJson } from '../files/atomic'
import { folderNames, removeFolder } from '../files/folder'
import { readJson } from './json-file'
import { acquireLock, lockHolder, type Release } from './lock'
import { newRunId } from './run-id'

export interface LockedSeries {
  readonly record: SeriesRecord
  readonly folder: string
  readonly release: Release
}

const queueFolder = (dataFolder: string): string => join(dataFolder, 'queue')
const seriesPath = (folder: string): string => join(folder, 'series.json')

/** Creates a series and takes its lock. */
export async function createSeries(
  dataFolder: string,
  { name, items }: Pick<SeriesRecord, 'name' | 'items'>,
): Promise<LockedSeries> {
  const created = new Date()
  const id = newRunId(name, created)
  const folder = join(queueFolder(dataFolder), id)
  await makeFolder(folder)
  const release = await acquireLock(folder)
  const record: SeriesRecord = { schema: recordSchema, id, name, created: created.toISOString(), items }
  try {
    await writeSeries(folder, record)
  } catch (problem) {
    await removeFolder(folder)
    throw problem
  }
  return { record, folder, release }
}

/** Restores a series whose folder was removed, under the same id, and takes its lock. */
export async function reviveSeries(dataFolder: string, record: SeriesRecord): Promise<LockedSeries> {
  const folder = join(queueFolder(dataFolder), record.id)
  await makeFolder(folder)
  const release = await acquireLock(folder)
  await writeSeries(folder, record)
  return { record, folder, release }
}

export function writeSeries(folder: string, record: SeriesRecord): Promise<void> {
  return writeJson(seriesPath(folder), record)
}

/**
 * Takes over an abandoned series.
 * @throws `run-locked` if another process works on it, `unknown-series`
 */
export async function takeSeries(dataFolder: string, id: string): Promise<LockedSeries> {
  if (!(await folderNames(queueFolder(dataFolder))).includes(id)) throw labError('unknown-series', { id })
  const folder = join(queueFolder(dataFolder), id)
  const release = await acquireLock(folder)
  const record = await readJson(seriesPath(folder), seriesRecordSchema, { upgrade: seriesByName })
  if (record !== null) return { record, folder, release }
  await release()
  throw labError('unknown-series', { id })
}

/** Abandoned series, oldest first. Unreadable ones are left out and reported to `tell`. */
export async function leftSeries(
  dataFolder: string,
  tell: (problem: unknown) => void,
): Promise<SeriesRecord[]> {
  const parent = queueFolder(dataFolder)
  const found: SeriesRecord[] = []
  for (const name of await folderNames(parent)) {
    const folder = join(parent, name)
    if ((await lockHolder(folder)) !== null) continue
    const record = await readJson(seriesPath(folder), seriesRecordSchema, { upgrade: seriesByName }).catch(
      (problem: unknown) => {
        tell(problem)
        return null
      },
    )
    if (record !== null) found.push(record)
  }
  return found.sort((a, b) => (a.created < b.created ? -1 : 1))
}
