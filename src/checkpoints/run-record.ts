/** run.json: what a run is and how far it has come. Only the run's single writer writes it; any process can read it. */
import { basename } from 'path'
import { recordByName } from '../contract/earlier'
import { labError } from '../contract/errors'
import { runRecordSchema, type RunRecord } from '../contract/record'
import { writeJson } from '../files/atomic'
import { readJson } from './json-file'
import { recordPath } from './run-folder'

/** @throws `run-file-missing`, `run-file-broken`, `run-file-misfit` if run.json is missing or not a record */
export async function readRecord(folder: string): Promise<RunRecord> {
  const record = await readJson(recordPath(folder), runRecordSchema, { upgrade: recordByName })
  if (record !== null) return record
  throw labError('run-file-missing', { run: basename(folder), file: basename(recordPath(folder)) })
}

export function writeRecord(folder: string, record: RunRecord): Promise<void> {
  return writeJson(recordPath(folder), record)
}

/** Changes some fields atomically: a reader sees the old record or the new one. */
export async function updateRecord(folder: string, changes: Partial<RunRecord>): Promise<RunRecord> {
  const record = { ...(await readRecord(folder)), ...changes }
  await writeRecord(folder, record)
  return record
}
