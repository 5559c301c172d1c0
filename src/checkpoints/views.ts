/** views/: the data of each round's plots, so that moving through the rounds needs no network. */
import { roundViewSchema, type RoundView } from '../contract/run'
import { makeFolder, writeAtomic } from '../files/atomic'
import { readJson } from './json-file'
import { viewPath, viewsFolder } from './run-folder'

export async function writeView(folder: string, view: RoundView): Promise<void> {
  await makeFolder(viewsFolder(folder))
  await writeAtomic(viewPath(folder, view.round), JSON.stringify(view))
}

/** null if that round has no view. Throws `run-file-broken` and `run-file-misfit`. */
export function readView(folder: string, round: number): Promise<RoundView | null> {
  return readJson(viewPath(folder, round), roundViewSchema, { folder })
}
