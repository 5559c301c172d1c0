/** Finds what uses a dataset, and moves a dataset to the trash after saving its class names in the runs that use it. */
import { isDeepStrictEqual } from 'util'
import { lockRun, listRuns } from '../checkpoints/runs'
import { readRecord, updateRecord } from '../checkpoints/run-record'
import { knownName } from '../contract/known-name'
import type { DatasetSummary } from '../contract/dataset'
import type { CommandOutput } from '../contract/lab'
import type { ClassNames, RunRecord } from '../contract/record'
import { trashDataset } from '../data/dataset-trash'
import { namesIn } from '../data/domain'
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

/** Runs of earlier versions have no class names; once the dataset is deleted, they could not be recovered. */
async function writeNames(summary: DatasetSummary, dataFolder: string): Promise<void> {
  for (const { folder, record } of await runsUsing(summary.id, dataFolder)) {
    const classNames = { ...namesFrom(summary, record), ...record.classNames }
    if (isDeepStrictEqual(classNames, record.classNames)) continue
    // A locked run is being written; its trainer adds the names.
    const release = await lockRun(folder).catch(() => null)
    if (release === null) continue
    try {
      await updateRecord(folder, { classNames })
    } finally {
      await release()
    }
  }
}

function namesFrom(summary: DatasetSummary, { experiment: { source, target } }: RunRecord): ClassNames {
  return {
    ...(source.dataset === summary.id ? { source: namesIn(source, summary) } : {}),
    ...(target.dataset === summary.id ? { target: namesIn(target, summary) } : {}),
  }
}
