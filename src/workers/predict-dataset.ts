/** Predicts every sample of a dataset. */
import type { AnalystOrder, AnalystOutput } from '../contract/worker'
import type { DomainSamples } from '../data/domain'
import { mostForQuestion } from '../data/memory'
import { openDataset } from '../data/open-dataset'
import { filesOf } from '../data/partition'
import type { OnImageRead } from '../data/reading'
import { predictPass } from '../training/predict'
import { samplesIn } from '../training/samples'
import { encodedSamples, type FeatureReport } from './backbone-features'
import { decodeImage } from './decode-image'
import { nextTurn } from './next-turn'
import { samplesFor, withPredictor, type StoredPredictor } from './predictor'
import type { Report } from './reading-report'
import { calibrationFor } from './recent-calibrations'

const base64 = ({ buffer, byteOffset, byteLength }: Uint16Array | Float32Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64')

/** @throws `samples-unfit-network`, and what reading the checkpoint and opening the dataset throw */
export async function predictDataset(
  order: AnalystOrder<'predict'>,
  { reading, progress }: Report,
): Promise<AnalystOutput<'predict'>> {
  return withPredictor(order, (stored) => predictWith(stored, order, { reading, progress }))
}

async function predictWith(
  stored: StoredPredictor,
  order: AnalystOrder<'predict'>,
  { reading, progress }: Report,
): Promise<AnalystOutput<'predict'>> {
  const { checkpoint, dataset: id, datasets, classes } = order
  const dataset = await openDataset(id, datasets, { decode: decodeImage, reading, most: mostForQuestion })
  reading(null)
  const where = { datasets, reading, most: mostForQuestion }
  const images = await samplesFor({ id, dataset }, stored, where)
  const samples = await encodedSamples(images, stored.model, datasets, computing(progress))
  reading(null)
  const calibration = await calibrationFor(order, stored, reading)
  const found = await everyPrediction(stored, samples, calibration.temperature, progress)
  return {
    ...{ checkpoint, dataset: id, classes, count: samples.count, files: filesOf(dataset.samples) },
    predictions: base64(found.predictions),
    probabilities: base64(found.probabilities),
    calibration,
  }
}

/** Most of the time is spent on features, where a backbone gives them. */
function computing(progress: OnImageRead): FeatureReport {
  return {
    async turn(done, missing) {
      progress(done, missing)
      await nextTurn()
    },
    computed: () => undefined,
  }
}

/** The predicted class of each sample, and its probability. */
async function everyPrediction(
  { predictor }: StoredPredictor,
  array: DomainSamples,
  temperature: number,
  progress: OnImageRead,
) {
  const { count } = array
  const predictions = new Uint16Array(count)
  const probabilities = new Float32Array(count)
  const samples = samplesIn(array)
  const order = Int32Array.from({ length: count }, (_, index) => index)
  try {
    for (let start = 0; start < count; start += samples.passSize) {
      const shown = order.subarray(start, start + samples.passSize)
      const found = predictPass(predictor, () => samples.rows(shown), temperature)
      predictions.set(found.predictions, start)
      const classes = found.probabilities.length / shown.length
      found.predictions.forEach((prediction, row) => {
        probabilities[start + row] = found.probabilities[row * classes + prediction] ?? 0
      })
      progress(start + shown.length, count)
      await nextTurn()
    }
  } finally {
    samples.dispose()
  }
  return { predictions, probabilities }
}
