/**
 * Images at a path as samples to predict. They are decoded one after another and are not held: only their names are in
 * memory.
 */
import * as tf from '@tensorflow/tfjs-core'
import { labError, LabError, type ErrorCode } from '../contract/errors'
import type { Choices } from '../contract/reading'
import { asInTraining } from '../data/as-in-training'
import { shareOfByte } from '../data/dataset'
import { inputOf } from '../data/domain'
import type { ImagesFormat } from '../data/formats/format'
import { inOrder } from '../data/in-order'
import type { Photo } from '../data/photo'
import type { Picture } from '../data/picture'
import type { Reading } from '../data/reading'
import { passSizeOf } from '../training/samples'
import { photoOpener } from './photo-opener'
import { requireFit, type StoredPredictor } from './predictor'
import type { PredictedSamples, SamplePass } from './sample-passes'

/** Errors of a single file: they go into its row, and the other files are read. */
const ofOneFile: readonly ErrorCode[] = [
  ...(['image-undecodable', 'image-kind-unread', 'image-too-large', 'image-beyond-memory'] as const),
  ...(['file-not-found', 'no-permission', 'file-unreadable', 'file-too-large', 'not-a-file'] as const),
  ...(['reader-died', 'reading-too-long'] as const),
]

interface ImagePath {
  readonly path: string
  readonly format: ImagesFormat
  readonly choices: Choices
}

/** @throws `no-images`, `samples-unfit-network`, and what arranging the files throws */
export async function imageFileSamples(
  { path, format, choices }: ImagePath,
  stored: StoredPredictor,
  reading: Reading,
): Promise<PredictedSamples> {
  const { model, experiment } = stored
  requireFit(path, { length: null }, model)
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
