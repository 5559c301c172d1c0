/** Takes the labels of a dataset over when it is imported again: those of files that are the same. */
import { createHash } from 'crypto'
import { note, type Note } from '../contract/note'
import { importedArrays, importedFolder } from './imported'
import { labelRows, type LabelTable } from './label-file'
import { readLabelTable, writeLabelTable } from './labels'

/** Whether a sample of this name in the table is the same: equal digests of its file, or of all arrays. */
type DigestOf = (name: string) => string | undefined

interface Labelled {
  readonly table: LabelTable
  readonly digestOf: DigestOf
}

async function digestsOf(id: string, datasets: string): Promise<DigestOf> {
  const folder = await importedFolder(id, datasets)
  if (folder !== null) {
    const digests = new Map(folder.origins.map((origin, sample) => [origin, folder.digests[sample]]))
    return (name) => digests.get(name)
  }
  const hash = createHash('sha256')
  const arrays = await importedArrays(id, datasets)
  for (const name of Object.keys(arrays).sort()) hash.update(`${name}\0`).update(arrays[name] ?? '')
  const digest = hash.digest('hex')
  return () => digest
}

/** The labels of a dataset that is about to be replaced; null if it has none. Throws what reading labels throws. */
export async function labelsToKeep(id: string, datasets: string): Promise<Labelled | null> {
  const table = await readLabelTable(id, datasets)
  return table === null ? null : { table, digestOf: await digestsOf(id, datasets) }
}

/** Gives the labels of equal files to the dataset that replaces the other, and says how many they are. */
export async function keepLabels(
  { table, digestOf }: Labelled,
  id: string,
  datasets: string,
): Promise<Note[]> {
  const presentDigestOf = await digestsOf(id, datasets)
  const rows = table.rows.filter((row) => {
    const digest = presentDigestOf(row[table.file] ?? '')
    return digest !== undefined && digest === digestOf(row[table.file] ?? '')
  })
  const kept = { ...table, rows }
  await writeLabelTable(kept, id, datasets)
  const count = labelRows(table).length
  return count === 0 ? [] : [note('given-labels-kept', { count, kept: labelRows(kept).length })]
}
