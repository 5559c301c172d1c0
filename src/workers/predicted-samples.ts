/**
 * The samples that are predicted, in passes of a fixed size, so that a prediction does not depend on where a call
 * begins. Images at a path are decoded one after another and are not held; of 100,000 files only the names are in memory.
 */
import { promises as fs } from 'fs'
import { join } from 'path'
import * as tf from '@tensorflow/tfjs-core'
import { labError, LabError, type ErrorCode } from '../contract/errors'
import type { Note } from '../contract/note'
import { type Choices, noChoices } from '../contract/reading'
import type { AnalystOrder } from '../contract/worker'
import { asInTraining } from '../data/as-in-training'
import { statOf } from '../data/file'
import { type Dataset, shareOfByte } from '../data/dataset'
import { inputOf } from '../data/domain'
import type { ImagesFormat } from '../data/formats/format'
import { chosenPath, readSamples, recogniseFormat } from '../data/formats/read'
import { readHeader } from '../data/image-files'
import { mostTogether, refuseTooLarge, requireHeader } from '../data/image-header'
import type { ImageHeader } from '../data/image-kinds/kind'
import { inOrder } from '../data/in-order'
import { isPath, openDataset } from '../data/open-dataset'
import { type Photo, photoIn, readPhoto } from '../data/photo'
import type { Picture } from '../data/picture'
import type { Reading } from '../data/reading'
import { fileError } from '../files/file-error'
import { passSizeOf, samplesIn } from '../training/samples'
import { decodeImage } from './decode-image'
import { photoReaders } from './photo-readers'
import { filesOf } from './predict-dataset'
import { requireFit, samplesFor, type StoredPredictor } from './predictor'

export interface SamplePass {
  /** Index of the first sample. */
  readonly start: number
  readonly count: number
  /** The samples as the networks take them, `[count, ...]`; zeros for a sample that could not be decoded. */
  rows(): tf.Tensor
  /** By position in the pass: why a sample could not be decoded. */
  readonly errors: ReadonlyMap<number, ErrorCode>
}

export interface PredictedSamples {
  readonly count: number
  readonly passSize: number
  /** The user's path of a sample, relative to what was named; the number of its row in arrays. */
  nameOf(index: number): string | number
  /** The file of a sample; null if it is not known. */
  fileOf(index: number): string | null
  /** The folder in which the files lie; null if it is not known. */
  readonly folder: string | null
  readonly areFiles: boolean
  readonly mayFail: boolean
  readonly notes: readonly Note[]
  /** Passes from the one that holds the sample at this index. */
  passes(from: number): AsyncGenerator<SamplePass>
  dispose(): void
}

type Order = Pick<AnalystOrder<'writePredictions'>, 'samples' | 'datasets'>

/** Bytes of pixels that are held in memory; of more, batches are read. */
const mostHeld = 2 ** 26

/** @throws `samples-unfit-network`, and what reading the path or opening the dataset throws */
export async function openPredictedSamples(
  { samples, datasets }: Order,
  stored: StoredPredictor,
  reading: Reading,
): Promise<PredictedSamples> {
  const by = 'path' in samples ? samples : { path: samples.dataset, choices: undefined }
  if (!('path' in samples) && !isPath(samples.dataset)) {
    const dataset = await openDataset(samples.dataset, datasets, { reading, most: mostHeld })
    return openedSamples(samples.dataset, dataset, stored, { datasets, reading })
  }
  const choices = by.choices ?? noChoices
  const path = chosenPath(by.path, choices)
  reading(path)
  const { format, title } = await recogniseFormat(path)
  if (format.holds === 'images') return fileSamples(path, format, choices, stored, reading)
  const dataset = await readSamples(path, title, format, { choices, reading })
  return openedSamples(path, dataset, stored, { datasets, reading })
}

async function openedSamples(
  id: string,
  dataset: Dataset,
  stored: StoredPredictor,
  where: { readonly datasets: string; readonly reading: Reading },
): Promise<PredictedSamples> {
  const array = await samplesFor(id, dataset, stored, where, mostHeld)
  where.reading(null)
  const samples = samplesIn(array)
  const files = filesOf(dataset)
  const { from, notes } = dataset.summary
  const { count } = array
  return {
    ...{ count, passSize: samples.passSize, areFiles: files !== null, mayFail: false, notes },
    folder: files === null ? null : from,
    nameOf: (index) => files?.[index] ?? index,
    fileOf: (index) => (files === null || from === null ? null : join(from, files[index] ?? '')),
    async *passes(from) {
      for (let start = from - (from % samples.passSize); start < count; start += samples.passSize) {
        const shown = Int32Array.from(
          { length: Math.min(samples.passSize, count - start) },
          (_, row) => start + row,
        )
        yield { start, count: shown.length, rows: () => samples.rows(shown), errors: new Map() }
      }
    },
    dispose: () => samples.dispose(),
  }
}

/** Errors of a single file, of which its row says that it could not be decoded. */
const ofOneFile: readonly ErrorCode[] = [
  ...(['image-undecodable', 'image-kind-unread', 'image-too-large', 'image-beyond-memory'] as const),
  ...(['file-not-found', 'no-permission', 'file-unreadable', 'file-too-large', 'not-a-file'] as const),
  ...(['reader-died', 'reading-too-long'] as const),
]

/** Pixels of an image up to which decoding it takes less time than sending it from another process. */
const mostHere = 256 ** 2

/** Images that are begun ahead: files are read and decoders work while this process computes. */
const mostAhead = 64

async function fileSamples(
  path: string,
  format: ImagesFormat,
  choices: Choices,
  stored: StoredPredictor,
  reading: Reading,
): Promise<PredictedSamples> {
  const { model, experiment } = stored
  requireFit({ summary: { length: null } }, model, path)
  const { files, notes } = await format.arrange(path, { choices, reading })
  reading(null)
  const { side, channels } = model
  const passSize = passSizeOf([side, side, channels])
  const show = inputOf(asInTraining(path, experiment), model)
  const length = side * side * channels
  const open = photoOpener(files.length)
  const [first] = files
  if (first === undefined) throw labError('no-images', { folder: path })
  const folder = first.file.endsWith(first.origin) ? first.file.slice(0, -first.origin.length) : path

  async function* passes(from: number): AsyncGenerator<SamplePass> {
    const begin = from - (from % passSize)
    const decoding = inOrder(
      files.slice(begin),
      open.ahead,
      ({ file }) => open.read(file),
      ({ file }) => reading(file),
    )
    let start = begin
    let values = new Float32Array(0)
    let errors = new Map<number, ErrorCode>()
    let row = 0
    for await (const [, photo] of decoding) {
      if (row === 0) values = new Float32Array(Math.min(passSize, files.length - start) * length)
      try {
        values.set(show(pictureOf(await photo), start + row), row * length)
      } catch (error) {
        errors.set(row, codeOf(error))
      }
      row++
      if (row * length < values.length) continue
      const [pass, failed] = [values, errors]
      reading(null)
      yield {
        ...{ start, count: row, errors: failed },
        rows: () => tf.tensor(pass, [pass.length / length, side, side, channels]),
      }
      start += row
      errors = new Map()
      row = 0
    }
  }

  return {
    ...{ count: files.length, passSize, folder, areFiles: true, mayFail: true, notes },
    nameOf: (index) => files[index]?.origin ?? '',
    fileOf: (index) => files[index]?.file ?? null,
    passes,
    dispose: () => undefined,
  }
}

/** Throws any error that is not about one file. */
function codeOf(error: unknown): ErrorCode {
  if (error instanceof LabError && ofOneFile.includes((error as LabError).code))
    return (error as LabError).code
  throw error
}

function pictureOf({ width, height, pixels }: Photo): Picture {
  const values = new Float32Array(pixels.length)
  for (let i = 0; i < pixels.length; i++) values[i] = shareOfByte[pixels[i] as number] as number
  return { width, height, channels: pixels.length === width * height ? 1 : 3, values }
}

/** Bytes of a file up to which all of it is read for its header. */
const mostAtOnce = 2 ** 16

/** The header of a file, and the whole file if it is small: opening it again takes as long as decoding it. */
async function begin(file: string): Promise<{ readonly bytes: Buffer | null; readonly header: ImageHeader }> {
  const stats = await statOf(file)
  if (!stats.isFile() || stats.size > mostAtOnce) return { bytes: null, header: await readHeader(file) }
  const bytes = await fs.readFile(file)
  const header = requireHeader(file, bytes)
  refuseTooLarge(file, header)
  return { bytes, header }
}

/** Reads image files, in decoders if there are many and they are not small; of large ones, one at a time. */
function photoOpener(count: number) {
  const readers = photoReaders(count)
  let large: Promise<unknown> = Promise.resolve()
  async function read(file: string): Promise<Photo> {
    const { bytes, header } = await begin(file)
    const { width, height, channels } = header
    const size = { width, height }
    const stated = { file, size, channels }
    const isHere = readers === null || width * height <= mostHere
    const work = () => {
      if (!isHere) return readers.read(stated, channels)
      return bytes === null
        ? readPhoto(stated, channels, decodeImage)
        : photoIn(bytes, stated, channels, decodeImage)
    }
    if (size.width * size.height <= mostTogether) return work()
    const photo = large.then(work)
    large = photo.catch(() => undefined)
    return photo
  }
  const readKnown = (file: string) =>
    read(file).catch((problem: unknown) => {
      throw fileError(problem, file)
    })
  return { read: readKnown, ahead: { count: mostAhead, isAlone: () => false } }
}
