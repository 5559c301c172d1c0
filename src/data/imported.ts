/**
 * The user's own datasets: in the datasets folder lies `<name>.npz` with the images and, written after it,
 * `<name>.json` with what the dataset says of itself and the digest of the .npz. A dataset exists when its
 * description does, so one half-written or half-removed is none.
 */
import { createHash } from 'crypto'
import { join } from 'path'
import { z } from 'zod'
import { isDatasetName } from '../contract/dataset-name'
import { labError } from '../contract/errors'
import { parseAs } from '../files/json'
import { type DatasetSummary, datasetSummarySchema } from '../contract/dataset'
import { decodeArrays, encodeNpz } from './array-dataset'
import type { Dataset } from './dataset'
import { makeFolder, writeAtomic } from '../files/atomic'
import { isMissing } from '../files/file-error'
import { namesIn } from '../files/folder'
import { readBounded } from '../files/read'
import { readWhole } from './file'
import { unpackNpz } from './npz-archive'

const descriptionSchema = z.strictObject({
  schema: z.literal(1),
  /** Of the .npz. */
  sha256: z.string(),
  summary: datasetSummarySchema.omit({ id: true, path: true }),
})
type Description = z.infer<typeof descriptionSchema>

export const imagesFile = (folder: string, name: string): string => join(folder, `${name}.npz`)
export const descriptionFile = (folder: string, name: string): string => join(folder, `${name}.json`)
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** As an error shows it. */
const shortened = (name: string) => (name.length > 100 ? `${name.slice(0, 100)}…` : name)

/** The names of a thousand classes, each as long as a file's name may be, are a fraction of this. */
const maxDescriptionBytes = 2 ** 22

/**
 * The description of a dataset; null where there is none. Throws `malformed-config`, `file-too-large` where it is
 * damaged.
 */
async function readDescription(folder: string, name: string): Promise<Description | null> {
  const file = descriptionFile(folder, name)
  const bytes = await readBounded(file, maxDescriptionBytes).catch((error: unknown) => {
    if (isMissing(error)) return null
    throw error
  })
  return bytes === null ? null : parseAs(descriptionSchema, bytes.toString('utf8'), file)
}

function summaryFrom(folder: string, name: string, description: Description): DatasetSummary {
  return { ...description.summary, id: name, path: imagesFile(folder, name) }
}

/** Those that can be read, by name; one whose description is damaged says so only when it is opened. */
export async function listImported(folder: string): Promise<DatasetSummary[]> {
  const files = await namesIn(folder)
  const names = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length))
  const summaries: DatasetSummary[] = []
  for (const name of names.sort()) {
    const description = await readDescription(folder, name).catch(() => null)
    if (description !== null) summaries.push(summaryFrom(folder, name, description))
  }
  return summaries
}

/** Null where there is no dataset of that name. Throws `npz-damaged` where the digest does not fit. */
export async function openImported(name: string, folder: string): Promise<Dataset | null> {
  const description = isDatasetName(name) ? await readDescription(folder, name) : null
  if (description === null) return null
  const file = imagesFile(folder, name)
  const bytes = await readWhole(file)
  if (digestOf(bytes) !== description.sha256) throw labError('npz-damaged', { file })
  return {
    summary: summaryFrom(folder, name, description),
    images: decodeArrays(await unpackNpz(bytes, file), file),
  }
}

/** Throws `dataset-name-invalid`. */
export function checkName(name: string): void {
  if (!isDatasetName(name)) throw labError('dataset-name-invalid', { name: shortened(name) })
}

/**
 * Keeps a dataset under a name, both files written whole or not at all. Throws `dataset-name-invalid`.
 * Whether the name is free is the caller's to ask.
 */
export async function keepDataset(dataset: Dataset, name: string, folder: string): Promise<DatasetSummary> {
  checkName(name)
  const { id: _id, path: _path, ...summary } = dataset.summary
  const bytes = encodeNpz(dataset.images)
  const description: Description = {
    schema: 1,
    sha256: digestOf(bytes),
    summary: { ...summary, title: name },
  }
  await makeFolder(folder)
  await writeAtomic(imagesFile(folder, name), bytes)
  await writeAtomic(descriptionFile(folder, name), `${JSON.stringify(description, null, 2)}\n`)
  return summaryFrom(folder, name, description)
}
