/** Compares a folder of images with the dataset that was imported from it. */
import { resolve } from 'path'
import { labError } from '../contract/errors'
import { noChoices } from '../contract/reading'
import { shortened } from '../contract/shortened'
import { maxShown, readWhole } from './file'
import { listImageFolder } from './image-files'
import { importedFolder } from './imported'
import { fileDigest } from './picture-index'
import type { Reading } from './reading'

/** Names of changed files in the error. */
const mostNamed = 3

interface Changes {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
}

/** Files whose header cannot be read are left out, as they were if they were skipped at import. */
async function changesIn(
  path: string,
  before: ReadonlyMap<string, string>,
  reading: Reading | undefined,
): Promise<Changes> {
  const { files } = await listImageFolder(path, {
    choices: { ...noChoices, skipUndecodable: true },
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
 * Throws `dataset-changed` if `path` is the folder of images from which the dataset was imported, and its files are
 * no longer the same.
 */
export async function refuseChanged(
  path: string,
  name: string,
  datasets: string,
  reading: Reading | undefined,
): Promise<void> {
  const imported = await importedFolder(name, datasets)
  if (imported === null || imported.from !== resolve(path)) return
  const { origins, digests } = imported
  const before = new Map(origins.map((origin, row) => [origin, digests[row] ?? '']))
  const { added, removed, changed } = await changesIn(path, before, reading)
  const all = [...added, ...removed, ...changed]
  if (all.length === 0) return
  const first = all.slice(0, mostNamed).join(', ') + (all.length > mostNamed ? ', …' : '')
  throw labError('dataset-changed', {
    name,
    added: added.length,
    removed: removed.length,
    changed: changed.length,
    files: shortened(first, maxShown),
  })
}
