/** Compares a folder of images with the dataset that was imported from it. */
import { resolve } from 'path'
import type { Changes } from '../contract/dataset'
import { shortened } from '../contract/shortened'
import { maxShown, readWhole } from './file'
import { recogniseFormat } from './formats/read'
import { importedFolder } from './imported'
import { fileDigest } from './picture-index'
import type { ReadingOptions } from './reading'

/** Names of changed files that are shown. */
const mostNamed = 3

interface ChangedFiles {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
}

/** Files whose header cannot be read are left out, as they were if they were skipped at import. */
async function changesIn(
  path: string,
  before: ReadonlyMap<string, string>,
  { choices, reading }: ReadingOptions,
): Promise<ChangedFiles> {
  const { format } = await recogniseFormat(path)
  if (format.holds !== 'images') return { added: [], removed: [...before.keys()], changed: [] }
  const { files } = await format.list(path, {
    choices: { ...choices, skipUndecodable: true },
    reading,
  })
  const added: string[] = []
  const changed: string[] = []
  const gone = new Set(before.keys())
  for (const { file, origin } of files) {
    gone.delete(origin)
    const digest = before.get(origin)
    reading?.(file)
    if (digest === undefined) added.push(origin)
    else if (fileDigest(await readWhole(file)) !== digest) changed.push(origin)
  }
  return { added, removed: [...gone], changed }
}

/**
 * What changed in a folder of images since the dataset `name` was imported from it; null if nothing did, or if the
 * dataset has another origin.
 */
export async function changesSince(
  path: string,
  name: string,
  datasets: string,
  by: ReadingOptions,
): Promise<Changes | null> {
  const imported = await importedFolder(name, datasets)
  if (imported === null || imported.from !== resolve(path)) return null
  const { origins, digests } = imported
  const before = new Map(origins.map((origin, row) => [origin, digests[row] ?? '']))
  const { added, removed, changed } = await changesIn(path, before, by)
  const all = [...added, ...removed, ...changed]
  if (all.length === 0) return null
  const first = all.slice(0, mostNamed).join(', ') + (all.length > mostNamed ? ', …' : '')
  return {
    added: added.length,
    removed: removed.length,
    changed: changed.length,
    files: shortened(first, maxShown),
  }
}
