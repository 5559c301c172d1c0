/** Reads the runs' figures from disk, to compare with those on the page. */
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'fs'
import { join } from 'path'
import { setTimeout as wait } from 'timers/promises'
import { parseHistory } from '../../src/checkpoints/metrics'
import { metricsPath, recordPath } from '../../src/checkpoints/run-folder'
import {
  runRecordSchema,
  type RecordedEvent,
  type RoundEvent,
  type RunRecord,
} from '../../src/contract/record'

/** Ids of all runs with a record, oldest first. A run that is still being created is hidden, as in the lab. */
export function runsIn(dataFolder: string): string[] {
  const folder = join(dataFolder, 'runs')
  const runs = existsSync(folder) ? readdirSync(folder) : []
  const created = (run: string) => Date.parse(recordOf(dataFolder, run).created)
  return runs
    .filter((run) => !run.startsWith('.') && existsSync(recordPath(folderOf(dataFolder, run))))
    .sort((a, b) => created(a) - created(b))
}

export function folderOf(dataFolder: string, run: string): string {
  return join(dataFolder, 'runs', run)
}

export function recordOf(dataFolder: string, run: string): RunRecord {
  return runRecordSchema.parse(JSON.parse(readFileSync(recordPath(folderOf(dataFolder, run)), 'utf8')))
}

/** Empty for a run that has just started. */
export function eventsOf(dataFolder: string, run: string): readonly RecordedEvent[] {
  const path = metricsPath(folderOf(dataFolder, run))
  return existsSync(path) ? parseHistory(readFileSync(path, 'utf8')).events : []
}

export function roundsOf(dataFolder: string, run: string): RoundEvent[] {
  return eventsOf(dataFolder, run).filter((event): event is RoundEvent => event.type === 'round')
}

/** Copies a run under another id, with its record changed by `change`. */
export function copyRun(dataFolder: string, run: string, change: (record: RunRecord) => RunRecord): string {
  const id = `${run}-copy`
  // Hidden while it is being created, so that it is not listed with the original's record.
  const making = folderOf(dataFolder, `.${id}`)
  cpSync(folderOf(dataFolder, run), making, { recursive: true })
  writeFileSync(recordPath(making), JSON.stringify({ ...change(recordOf(dataFolder, run)), id }))
  renameSync(making, folderOf(dataFolder, id))
  return id
}

const patience = 120_000

/** Repeats the check until it is true, by default for at most two minutes. */
export async function until(isSo: () => boolean | Promise<boolean>, most = patience): Promise<void> {
  const end = Date.now() + most
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`asked in vain: ${isSo.toString()}`)
    await wait(200)
  }
}
