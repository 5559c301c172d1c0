/**
 * The lab's own trash: a deleted run is moved from runs/ to trash/ in the same data folder. This can be undone at
 * once, and works the same in window, browser and terminal.
 */
import { join } from 'path'
import { labError } from '../contract/errors'
import type { RunSummary } from '../contract/run'
import { nearest } from '../contract/nearest'
import { makeFolder, move } from '../files/atomic'
import { folderNames, removeFolder } from '../files/folder'
import { lockHolder } from './lock'
import { runsFolder, trashFolder } from './run-folder'
import { findRun, summariseAll } from './runs'
import { bytesIn } from './usage'

/** @throws `unknown-run`, `run-running`, `no-permission` */
export async function trashRun(dataFolder: string, id: string): Promise<void> {
  const folder = await findRun(dataFolder, id)
  if ((await lockHolder(folder)) !== null) throw labError('run-running', { run: id })
  await makeFolder(trashFolder(dataFolder))
  await move(folder, join(trashFolder(dataFolder), await freeName(dataFolder, id)))
}

/** The runs in the trash, newest first. */
export function listTrash(dataFolder: string): Promise<RunSummary[]> {
  return summariseAll(trashFolder(dataFolder))
}

/**
 * Moves a run back to the runs, given its name in the trash.
 * @throws `not-in-trash`, `already-there` (another run has its name by now), `no-permission`
 */
export async function restoreRun(dataFolder: string, name: string): Promise<string> {
  const names = await folderNames(trashFolder(dataFolder))
  if (!names.includes(name)) throw labError('not-in-trash', { name, nearest: nearest(name, names) })
  const id = name.replace(/~\d+$/, '')
  const path = join(runsFolder(dataFolder), id)
  if ((await folderNames(runsFolder(dataFolder))).includes(id)) throw labError('already-there', { path })
  await makeFolder(runsFolder(dataFolder))
  await move(join(trashFolder(dataFolder), name), path)
  return path
}

/** Deletes these runs permanently. Returns the number of bytes freed. */
export async function deleteTrashedRuns(names: readonly string[], dataFolder: string): Promise<number> {
  const folder = trashFolder(dataFolder)
  const trashed = (await folderNames(folder)).filter((name) => names.includes(name))
  const bytes = await bytesIn(folder)
  for (const name of trashed) await removeFolder(join(folder, name))
  return bytes - (await bytesIn(folder))
}

/** A copy of the run may already be in the trash under the same name: `id`, `id~2`, `id~3` ... */
async function freeName(dataFolder: string, id: string): Promise<string> {
  const taken = await folderNames(trashFolder(dataFolder))
  let name = id
  for (let copy = 2; taken.includes(name); copy++) name = `${id}~${copy}`
  return name
}
