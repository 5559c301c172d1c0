/**
 * The user's imported datasets. The datasets folder holds `<name>.npz` and, written after it, `<name>.json` with the
 * summary and the digests of the other files. A dataset exists only if its description exists, so incomplete copies
 * and deletions do not count.
 *
 * Arrays are in the .npz. A folder of images has its pixels in `<name>.pixels` and everything else in the .npz
 * (picture-index.ts). Labels that the user gives to samples are in `<name>.labels.csv`.
 */
import { createHash } from 'crypto'
import { createReadStream, promises as fs } from 'fs'
import { join, resolve } from 'path'
import { z } from 'zod'
import { isDatasetName } from '../contract/dataset-name'
import { labError } from '../contract/errors'
import { parseAs } from '../files/json'
import { type DatasetSummary, datasetSummarySchema } from '../contract/dataset'
import { decodeArrays, encodeNpz } from './stored-arrays'
import type { Dataset, ImageSet, ImageTable } from './dataset'
import { beginFile, makeFolder, removeOldLeftovers, type Unfinished, writeAtomic } from '../files/atomic'
import { isMissing } from '../files/file-error'
import { namesIn } from '../files/folder'
import { freeBytes, inWords } from '../files/free-space'
import { readBounded } from '../files/read'
import { readWhole, statOf } from './file'
import type { ImageFiles } from './image-files'
import { decodedImages, type ImageReading, outlineOf } from './image-folder'
import { imageTally, type ImageTally } from './image-tally'
import { mostResident } from './memory'
import { type Arrays, unpackNpz } from './codecs/npz-archive'
import { decodeIndex, encodeIndex, type IndexedSet } from './picture-index'
import { pixelFile } from './pixel-file'
import { startOf } from './sizes'
import { factsOf, summarise } from './summary'
import { shortened } from '../contract/shortened'

const storedSummary = datasetSummarySchema.omit({ id: true, path: true, from: true })

/** Datasets of earlier versions: arrays of images. */
const earlierSchema = z.strictObject({
  schema: z.literal(1),
  /** Of the .npz. */
  sha256: z.string(),
  summary: storedSummary.extend({
    kind: storedSummary.shape.kind.default('image'),
    length: storedSummary.shape.length.default(null),
    reduced: storedSummary.shape.reduced.default(0),
    notes: storedSummary.shape.notes.default([]),
  }),
})

const presentSchema = z.strictObject({
  schema: z.literal(2),
  /** Of the .npz. */
  sha256: z.string(),
  /** The .pixels; null: the samples are in the .npz. */
  pixels: z.strictObject({ sha256: z.string(), bytes: z.int().min(0) }).nullable(),
  /** The absolute path of the file or folder that was imported. */
  from: z.string(),
  summary: storedSummary.extend({ notes: storedSummary.shape.notes.default([]) }),
})
const descriptionSchema = z.discriminatedUnion('schema', [earlierSchema, presentSchema])
type Description = z.infer<typeof descriptionSchema>

/** The samples, or the index of the pictures. */
const samplesFile = (folder: string, name: string): string => join(folder, `${name}.npz`)
const pixelsFile = (folder: string, name: string): string => join(folder, `${name}.pixels`)
/** The labels that the user gave to samples (label-file.ts). */
export const labelsFile = (folder: string, name: string): string => join(folder, `${name}.labels.csv`)
export const descriptionFile = (folder: string, name: string): string => join(folder, `${name}.json`)

/** The files of a dataset besides its description; not every dataset has all of them. */
export const contentFiles = (folder: string, name: string): string[] => [
  samplesFile(folder, name),
  pixelsFile(folder, name),
  labelsFile(folder, name),
]

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** The digest of a file that may be too large for memory. */
async function digestOfFile(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

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
  const from = description.schema === 1 ? null : description.from
  return { ...description.summary, id: name, path: samplesFile(folder, name), from }
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

/** The arrays of the .npz. Throws `npz-damaged` if the digest does not match. */
async function readArrays(file: string, { sha256 }: Description): Promise<Arrays> {
  const bytes = await readWhole(file)
  if (digestOf(bytes) !== sha256) throw labError('npz-damaged', { file })
  return unpackNpz(bytes, file)
}

type Pixels = Pick<ImageSet, 'pixels' | 'file'>

/**
 * The pixels in memory, or in the file if they are more than `most` bytes: the first `split` bytes and the rest. Throws
 * `dataset-damaged` if the length or the digest does not match.
 */
async function openPixels(
  file: string,
  split: number,
  { bytes, sha256 }: { readonly bytes: number; readonly sha256: string },
  most: number,
): Promise<{ readonly first: Pixels; readonly rest: Pixels }> {
  const stats = await statOf(file)
  if (stats.size !== bytes) throw labError('dataset-damaged', { file })
  if (bytes <= most) {
    const pixels = await readBounded(file, bytes)
    if (digestOf(pixels) !== sha256) throw labError('dataset-damaged', { file })
    return { first: { pixels: pixels.subarray(0, split) }, rest: { pixels: pixels.subarray(split) } }
  }
  if ((await digestOfFile(file)) !== sha256) throw labError('dataset-damaged', { file })
  const none = new Uint8Array(0)
  return {
    first: { pixels: none, file: pixelFile(file, stats) },
    rest: { pixels: none, file: pixelFile(file, stats, split) },
  }
}

async function openPictures(
  folder: string,
  name: string,
  description: Description,
  stored: { readonly bytes: number; readonly sha256: string },
  most: number,
): Promise<ImageTable> {
  const { classNames, channels } = description.summary
  const file = samplesFile(folder, name)
  const { train, test } = decodeIndex(await readArrays(file, description), classNames.length, file)
  if (channels !== 1 && channels !== 3) throw labError('dataset-damaged', { file })
  const bytesOf = ({ sizes, labels }: IndexedSet) => startOf(sizes, labels.length) * channels
  const split = bytesOf(train)
  if (split + (test === null ? 0 : bytesOf(test)) !== stored.bytes)
    throw labError('dataset-damaged', { file })
  const { first, rest } = await openPixels(pixelsFile(folder, name), split, stored, most)
  return { kind: 'image', channels, train: { ...train, ...first }, test: test && { ...test, ...rest } }
}

/** Null if there is no dataset of that name. Throws `npz-damaged` or `dataset-damaged` if a digest does not match. */
export async function openImported(
  name: string,
  folder: string,
  most = mostResident,
): Promise<Dataset | null> {
  const description = isDatasetName(name) ? await readDescription(folder, name) : null
  if (description === null) return null
  const summary = summaryFrom(folder, name, description)
  const { sha256: digest } = description
  if (description.schema === 2 && description.pixels !== null) {
    const samples = await openPictures(folder, name, description, description.pixels, most)
    return { summary, samples, digest: `${digest} ${description.pixels.sha256}` }
  }
  const file = samplesFile(folder, name)
  return { summary, samples: decodeArrays(await readArrays(file, description), file), digest }
}

/** The folder of images from which a dataset was imported, with its files; null if it has another origin. */
export async function importedFolder(
  name: string,
  folder: string,
): Promise<{
  readonly from: string
  readonly origins: string[]
  readonly digests: readonly string[]
} | null> {
  const description = await readDescription(folder, name)
  if (description?.schema !== 2 || description.pixels === null) return null
  const file = samplesFile(folder, name)
  const classes = description.summary.classNames.length
  const { train, test, digests } = decodeIndex(await readArrays(file, description), classes, file)
  return { from: description.from, origins: [...train.origins, ...(test?.origins ?? [])], digests }
}

/** The arrays of an imported dataset; none if it does not exist. Throws `npz-damaged`. */
export async function importedArrays(name: string, folder: string): Promise<Arrays> {
  const description = await readDescription(folder, name)
  return description === null ? {} : readArrays(samplesFile(folder, name), description)
}

/** Throws `dataset-name-invalid`. */
export function checkName(name: string): void {
  if (!isDatasetName(name)) throw labError('dataset-name-invalid', { name: shortened(name, maxNameShown) })
}

/** A dataset whose files are written under temporary names. */
export interface StagedDataset {
  /** Gives the files their names, the description last. The caller checks that the dataset's name is free. */
  place(): Promise<DatasetSummary>
  /** Deletes the temporary files. */
  drop(): Promise<void>
}

interface Target {
  /** The dataset's name, which is also its title. */
  readonly name: string
  /** The datasets folder. */
  readonly folder: string
  /** The file or folder that is imported. */
  readonly path: string
}

/** Throws `dataset-beyond-disk`; passes if the system does not report the free space. */
async function refuseBeyondDisk({ folder, path }: Target, needed: number): Promise<void> {
  const free = await freeBytes(folder)
  if (free === null || needed <= free) return
  throw labError('dataset-beyond-disk', {
    file: path,
    needed: inWords(needed),
    free: inWords(free),
    path: folder,
  })
}

async function prepareFolder(folder: string): Promise<void> {
  await makeFolder(folder)
  await removeOldLeftovers(folder)
}

/** Writes a complete file under a temporary name. */
async function sealed(path: string, content: Uint8Array): Promise<Unfinished> {
  const file = await beginFile(path)
  try {
    await file.write(content)
    await file.seal()
    return file
  } catch (error) {
    await file.drop()
    throw error
  }
}

function staged(
  { name, folder, path }: Target,
  files: { readonly samples: Unfinished; readonly pixels: Unfinished | null },
  { sha256, pixels, summary }: Pick<z.infer<typeof presentSchema>, 'sha256' | 'pixels' | 'summary'>,
): StagedDataset {
  const description: Description = {
    schema: 2,
    sha256,
    pixels,
    from: resolve(path),
    summary: { ...summary, title: name },
  }
  return {
    async place() {
      if (files.pixels === null) await fs.unlink(pixelsFile(folder, name)).catch(() => undefined)
      else await files.pixels.place()
      await files.samples.place()
      await writeAtomic(descriptionFile(folder, name), `${JSON.stringify(description, null, 2)}\n`)
      return summaryFrom(folder, name, description)
    },
    async drop() {
      await files.pixels?.drop()
      await files.samples.drop()
    },
  }
}

function toStored({ id: _id, path: _path, from: _from, ...summary }: DatasetSummary) {
  return summary
}

/** Writes a dataset of arrays. Throws `dataset-beyond-disk` before anything is written. */
export async function stageArrays({ samples, summary }: Dataset, target: Target): Promise<StagedDataset> {
  const bytes = encodeNpz(samples)
  await refuseBeyondDisk(target, bytes.length)
  await prepareFolder(target.folder)
  const file = await sealed(samplesFile(target.folder, target.name), bytes)
  const facts = { sha256: digestOf(bytes), pixels: null, summary: toStored(summary) }
  return staged(target, { samples: file, pixels: null }, facts)
}

/** Upper estimate of what the index takes for an image: its label, size, digest, and a path. */
const indexBytes = 600

/**
 * Decodes a folder of images and writes each as it comes. Nothing is written if it needs more than the free space.
 * @throws `dataset-beyond-disk` and what `decodedImages` throws
 */
export async function stagePictures(
  files: ImageFiles,
  by: ImageReading,
  target: Target,
): Promise<StagedDataset> {
  const { folder, name, path } = target
  await refuseBeyondDisk(target, files.bytes + indexBytes * files.count)
  await prepareFolder(folder)
  const pixels = await beginFile(pixelsFile(folder, name))
  const tally = imageTally(files)
  try {
    const { digest, digests, bytes, table } = await writePictures(files, by, tally, pixels)
    const { reduced, notes } = tally.end()
    // Syncing a large file may take longer than one image is allowed to.
    by.reading?.(null)
    await pixels.seal()
    const index = encodeIndex({ train: table.train, test: table.test, digests })
    const summary = toStored(summarise(table, files.classNames, factsOf(path, name, reduced, notes)))
    const samples = await sealed(samplesFile(folder, name), index)
    const facts = { sha256: digestOf(index), pixels: { sha256: digest, bytes }, summary }
    return staged(target, { samples, pixels }, facts)
  } catch (error) {
    await pixels.drop()
    throw error
  }
}

async function writePictures(files: ImageFiles, by: ImageReading, tally: ImageTally, to: Unfinished) {
  const outline = outlineOf(files.channels)
  const digest = createHash('sha256')
  const digests: string[] = []
  let bytes = 0
  for await (const image of decodedImages(files, by, tally)) {
    await to.write(image.pixels)
    digest.update(image.pixels)
    digests.push(image.digest)
    bytes += image.pixels.length
    outline.add(image)
  }
  return { digest: digest.digest('hex'), digests, bytes, table: outline.end() }
}
