/** Finds what uses a dataset, and moves a dataset to the trash after saving its class names in the runs that use it. */
import { isDeepStrictEqual } from 'util'
import { lockRun, listRuns } from '../checkpoints/runs'
import { readRecord, updateRecord } from '../checkpoints/run-record'
import { knownName } from '../contract/known-name'
import type { DatasetSummary } from '../contract/dataset'
import type { CommandOutput } from '../contract/lab'
import { isNamedByPosition, positionOfClass } from '../contract/classes'
import type { Domain } from '../contract/experiment'
import type { RunRecord } from '../contract/record'
import { trashDataset } from '../data/dataset-trash'
import { listDatasets, summaryOf } from '../data/open-dataset'
import type { LabContext } from './context'
import type { Queue } from './queue'

interface UsingRun {
  readonly run: string
  readonly name: string
  readonly folder: string
  readonly record: RunRecord
}

/** Newest first. Runs without a readable record are left out. */
async function runsUsing(dataset: string, dataFolder: string): Promise<UsingRun[]> {
  const found = await Promise.all(
    (await listRuns(dataFolder)).map(async ({ id, name, folder }): Promise<UsingRun[]> => {
      const record = await readRecord(folder).catch(() => null)
      if (record === null) return []
      const { source, target } = record.experiment
      const uses = source.dataset === dataset || target.dataset === dataset
      return uses ? [{ run: id, name, folder, record }] : []
    }),
  )
  return found.flat()
}

export async function datasetUse(
  { folders }: Pick<LabContext, 'folders'>,
  queue: Pick<Queue, 'waitingFor'>,
  name: string,
): Promise<CommandOutput<'datasetUse'>> {
  const ids = (await listDatasets(folders().datasets)).map(({ id }) => id)
  const dataset = knownName(name, ids)
  const runs = await runsUsing(dataset, folders().data)
  return { runs: runs.map(({ run, name }) => ({ run, name })), series: await queue.waitingFor(dataset) }
}

/** Throws what `trashDataset` and `summaryOf` throw. */
export async function discardDataset(
  { folders }: Pick<LabContext, 'folders'>,
  id: string,
): Promise<CommandOutput<'trashDataset'>> {
  const { data, datasets } = folders()
  await writeNames(await summaryOf(id, datasets), data)
  return { name: await trashDataset(id, datasets) }
}

/** Runs of earlier versions may name classes by position; once the dataset is deleted, the names could not be found. */
async function writeNames(summary: DatasetSummary, dataFolder: string): Promise<void> {
  for (const { folder, record } of await runsUsing(summary.id, dataFolder)) {
    const { source, target } = record.experiment
    const experiment = {
      ...record.experiment,
      source: named(source, summary),
      target: named(target, summary),
    }
    if (isDeepStrictEqual(experiment, record.experiment)) continue
    // A locked run is being written; it began with names.
    const release = await lockRun(folder).catch(() => null)
    if (release === null) continue
    try {
      await updateRecord(folder, { experiment })
    } finally {
      await release()
    }
  }
}

function named<D extends Domain>(domain: D, { id, classNames }: DatasetSummary): D {
  if (domain.dataset !== id) return domain
  const nameOf = (name: string) =>
    isNamedByPosition(name) ? classNames[positionOfClass(name, classNames)] : name
  return { ...domain, classes: domain.classes.map((name) => nameOf(name) ?? name) }
}
