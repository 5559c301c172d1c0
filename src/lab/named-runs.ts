/** The runs that a question names, each once. */
import { readRecord } from '../checkpoints/run-record'
import { findRun } from '../checkpoints/runs'
import type { RunRecord } from '../contract/record'
import type { Place } from './place'

export interface NamedRun {
  readonly folder: string
  readonly record: RunRecord
}

/** @throws `unknown-run` */
export async function foldersNamed({ folders }: Place, ids: readonly string[]): Promise<string[]> {
  const { data } = folders()
  return Promise.all([...new Set(ids)].map((id) => findRun(data, id)))
}

/** @throws `unknown-run` */
export async function runsNamed(place: Place, ids: readonly string[]): Promise<NamedRun[]> {
  const folders = await foldersNamed(place, ids)
  return Promise.all(folders.map(async (folder) => ({ folder, record: await readRecord(folder) })))
}
