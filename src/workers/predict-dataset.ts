/** Predicts every sample of a dataset, and shows samples by their index. */
import { labError } from '../contract/errors'
import type { AnalystOrder, AnalystOutput } from '../contract/worker'
import type { Dataset } from '../data/dataset'
import { openDataset } from '../data/open-dataset'
import { poolOf } from '../data/partition'
import { picturesAt } from '../data/pictures'
import type { OnImageRead, Reading } from '../data/reading'
import { predictPass } from '../training/predict'
import { samplesIn } from '../training/samples'
import { calibrationFor } from './calibration'
import { decodeImage } from './decode-image'
import { openedDataset } from './open-datasets'
import { disposePredictor, readPredictor, samplesFor } from './predictor'
import type { Report } from './reading-report'

/** Bytes of the dataset's pixels that are held in memory; of more, batches are read. */
const mostHeld = 2 ** 26

/** The files of a dataset's samples in its order; null if they came from arrays. */
export function filesOf({ samples: { train, test } }: Dataset): string[] | null {
  if (train.origins === undefined) return null
  return [...train.origins, ...(test?.origins ?? [])]
}

const base64 = ({ buffer, byteOffset, byteLength }: Uint16Array | Float32Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64')

/** @throws `samples-unfit-network`, and what reading the checkpoint and opening the dataset throw */
export async function predictDataset(
  order: AnalystOrder<'predict'>,
  { reading, progress }: Report,
): Promise<AnalystOutput<'predict'>> {
  const { checkpoint, dataset: id, datasets, classes } = order
  const stored = await readPredictor(order)
  const dataset = await openDataset(id, datasets, { decode: decodeImage, reading, most: mostHeld })
  reading(null)
  const samples = await samplesFor(id, dataset, stored, { datasets, reading }, mostHeld)
  reading(null)
  const calibration = await calibrationFor(order, stored, reading)
  const found = await everyPrediction(stored, samples, calibration.temperature, progress)
  disposePredictor(stored)
  return {
    ...{ checkpoint, dataset: id, classes, count: samples.count, files: filesOf(dataset) },
    predictions: base64(found.predictions),
    probabilities: base64(found.probabilities),
    calibration,
  }
}

/** Lets messages and timers through between passes. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** The predicted class of each sample, and its probability. */
async function everyPrediction(
  { predictor }: Awaited<ReturnType<typeof readPredictor>>,
  array: Awaited<ReturnType<typeof samplesFor>>,
  temperature: number,
  progress: OnImageRead,
) {
  const { count } = array
  const predictions = new Uint16Array(count)
  const probabilities = new Float32Array(count)
  const samples = samplesIn(array)
  const order = Int32Array.from({ length: count }, (_, index) => index)
  for (let start = 0; start < count; start += samples.passSize) {
    const shown = order.subarray(start, start + samples.passSize)
    const found = predictPass(predictor, () => samples.rows(shown), temperature)
    predictions.set(found.predictions, start)
    const classes = found.probabilities.length / shown.length
    found.predictions.forEach((prediction, row) => {
      probabilities[start + row] = found.probabilities[row * classes + prediction] ?? 0
    })
    progress(start + shown.length, count)
    await breathe()
  }
  samples.dispose()
  return { predictions, probabilities }
}

/** Throws `no-such-sample`. */
export function requireSamples(id: string, dataset: Dataset, indices: readonly number[]): void {
  const { count } = poolOf(dataset.samples)
  const beyond = indices.find((index) => index >= count)
  if (beyond !== undefined) throw labError('no-such-sample', { dataset: id, sample: beyond, count })
}

/** @throws `no-such-sample`, and what opening the dataset throws */
export async function thumbnailsOf(
  { dataset: id, samples, datasets }: AnalystOrder<'thumbnails'>,
  reading: Reading,
): Promise<AnalystOutput<'thumbnails'>> {
  const dataset = await openedDataset(id, datasets, reading)
  requireSamples(id, dataset, samples)
  return picturesAt(dataset, samples)
}
