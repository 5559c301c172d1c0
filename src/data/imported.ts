/**
 * The user's imported datasets. The datasets folder holds `<name>.npz` with the images and, written after it,
 * `<name>.json` with the summary and the digest of the .npz. A dataset exists only if its description exists, so
 * incomplete copies and deletions do not count.
 */
import { createHash } from 'crypto'
import { join } from 'path'
import { z } from 'zod'
import { isDatasetName } from '../contract/dataset-name'
import { labError } from '../contract/errors'
import { parseAs } from '../files/json'
import { type DatasetSummary, datasetSummarySchema } from '../contract/dataset'
import { decodeArrays, encodeNpz } from './array-dataset'
import { type Dataset, imagesOf } from './dataset'
import { makeFolder, removeOldLeftovers, writeAtomic } from '../files/atomic'
import { isMissing } from '../files/file-error'
import { namesIn } from '../files/folder'
import { readBounded } from '../files/read'
import { readWhole } from './file'
import { unpackNpz } from './npz-archive'
import { shortened } from '../contract/shortened'

const descriptionSchema = z.strictObject({
  schema: z.literal(1),
  /** Of the .npz. */
  sha256: z.string(),
  // Datasets of earlier versions are images, and their descriptions do not state it.
  summary: datasetSummarySchema.omit({ id: true, path: true }).extend({
    kind: datasetSummarySchema.shape.kind.default('image'),
    length: datasetSummarySchema.shape.length.default(null),
  }),
})
type Description = z.infer<typeof descriptionSchema>

export const imagesFile = (folder: string, name: string): string => join(folder, `${name}.npz`)
export const descriptionFile = (folder: string, name: string): string => join(folder, `${name}.json`)
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** The name as shown in errors. */
const maxNameShown = 100

/** Far more than the names of a thousand classes need, each as long as a file name can be. */
const maxDescriptionBytes = 2 ** 22

/**
 * The description of a dataset; null if there is none. Throws `malformed-config` and `file-too-large` if it is
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

/** The readable datasets, by name; a damaged description is reported only when its dataset is opened. */
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

/** Null if there is no dataset of that name. Throws `npz-damaged` if the digest does not match. */
export async function openImported(name: string, folder: string): Promise<Dataset | null> {
  const description = isDatasetName(name) ? await readDescription(folder, name) : null
  if (description === null) return null
  const file = imagesFile(folder, name)
  const bytes = await readWhole(file)
  if (digestOf(bytes) !== description.sha256) throw labError('npz-damaged', { file })
  return {
    summary: summaryFrom(folder, name, description),
    samples: decodeArrays(await unpackNpz(bytes, file), file),
  }
}

/** Throws `dataset-name-invalid`. */
export function checkName(name: string): void {
  if (!isDatasetName(name)) throw labError('dataset-name-invalid', { name: shortened(name, maxNameShown) })
}

/**
 * Stores a dataset under a name; each file is written completely or not at all. The caller checks that the name is
 * free. Throws `dataset-name-invalid`.
 */
export async function keepDataset(dataset: Dataset, name: string, folder: string): Promise<DatasetSummary> {
  checkName(name)
  const { id: _id, path: _path, ...summary } = dataset.summary
  const bytes = encodeNpz(imagesOf(dataset))
  const description: Description = {
    schema: 1,
    sha256: digestOf(bytes),
    summary: { ...summary, title: name },
  }
  await makeFolder(folder)
  await removeOldLeftovers(folder)
  await writeAtomic(imagesFile(folder, name), bytes)
  await writeAtomic(descriptionFile(folder, name), `${JSON.stringify(description, null, 2)}\n`)
  return summaryFrom(folder, name, description)
}
