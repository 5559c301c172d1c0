/** Reads the runs given by id, each once. */
import { findRun } from '../checkpoints/runs'
import type { LabContext } from './context'
import { readRun, type ReadRun } from './seeds'

export interface NamedRun extends ReadRun {
  readonly folder: string
}

/** @throws `unknown-run` */
export async function foldersNamed({ folders }: LabContext, ids: readonly string[]): Promise<string[]> {
  const { data } = folders()
  return Promise.all([...new Set(ids)].map((id) => findRun(data, id)))
}

/** @throws `unknown-run` */
export async function runsNamed(context: LabContext, ids: readonly string[]): Promise<NamedRun[]> {
  const folders = await foldersNamed(context, ids)
  return Promise.all(folders.map(async (folder) => ({ folder, ...(await readRun(folder)) })))
}
