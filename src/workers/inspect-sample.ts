/**
 * What led to the prediction of one sample: the probabilities of all classes, the source's training samples that are
 * nearest by features, and the predictions of the run's other checkpoints.
 */
import type { Domain } from '../contract/experiment'
import type { Inspection } from '../contract/prediction'
import type { AnalystOrder, AnalystOutput } from '../contract/worker'
import { imagesIn } from '../data/check-domain'
import type { Dataset } from '../data/dataset'
import { sampleAt, samplesOf } from '../data/domain'
import { mostForQuestion } from '../data/memory'
import { filesOf } from '../data/partition'
import { largePicture, picturesAt } from '../data/pictures'
import type { Reading } from '../data/reading'
import { imagesFrom } from '../data/thumbnails'
import { freeing } from '../models/scope'
import { featuresOf } from '../training/evaluate'
import { nearestRows } from '../training/nearest'
import { predictPass } from '../training/predict'
import { samplesIn, type Samples } from '../training/samples'
import { encodedSamples } from './backbone-features'
import { samplesFor, withPredictor, type StoredPredictor } from './predictor'
import { calibrationFor, keyOfPredictor } from './recent-calibrations'
import { recentDataset } from './recent-datasets'
import { requireSamples } from './thumbnails'

type Order = AnalystOrder<'inspect'>

/** Source samples that are compared: the first ones of the domain, whose order is random. */
const mostCompared = 2000
const mostNearest = 8
/** Predictors whose source features are kept: 4 MB each with 512 features. */
const mostKept = 4

/** The position of the one sample. */
const only = Int32Array.of(0)

interface SourceFeatures {
  readonly key: string
  /** `[rows, length]` */
  readonly table: Float32Array
  /** `[rows]`: index in the source's dataset, and label in the domain. */
  readonly indices: Int32Array
  readonly labels: Int32Array
}

let kept: readonly SourceFeatures[] = []

/** @throws `no-such-sample`, `samples-unfit-network`, and what reading the checkpoint and the datasets throws */
export async function inspectSample(order: Order, reading: Reading): Promise<AnalystOutput<'inspect'>> {
  const { dataset: id, sample, datasets } = order
  const dataset = await recentDataset(id, datasets, reading)
  reading(null)
  requireSamples(id, dataset, [sample])
  return withPredictor(order, async (stored) => {
    const every = await samplesFor({ id, dataset }, stored, { datasets, reading, most: 0 })
    const samples = samplesIn(await encodedSamples(sampleAt(every, sample), stored.model, datasets))
    try {
      return await inspectWith(stored, dataset, samples, order, reading)
    } finally {
      samples.dispose()
    }
  })
}

async function inspectWith(
  stored: StoredPredictor,
  dataset: Dataset,
  samples: Samples,
  order: Order,
  reading: Reading,
): Promise<Inspection> {
  const { sample, classes } = order
  const { temperature, on } = await calibrationFor(order, stored, reading)
  // Without calibration the source cannot be read; the sample is shown all the same.
  const source = on === null ? null : order.source
  const rows = () => samples.rows(only)
  const { probabilities } = predictPass(stored.predictor, rows, temperature)
  return {
    file: filesOf(dataset.samples)?.[sample] ?? null,
    image: largePicture(dataset, sample),
    classes,
    probabilities: Array.from(probabilities),
    nearest: await nearestTo({ ...order, source }, stored, samples, reading),
    rounds: await throughRounds(order, samples, temperature),
  }
}

async function nearestTo(
  { source, ...order }: Order,
  stored: StoredPredictor,
  samples: Samples,
  reading: Reading,
): Promise<Inspection['nearest']> {
  if (source === null) return { among: 0, samples: [], images: imagesFrom([], []) }
  const { table, indices, labels } = await sourceFeatures(source, { ...order, source }, stored, reading)
  const features = freeing(() => featuresOf(stored.predictor.encoder, samples, only).dataSync())
  const found = nearestRows(table, features as Float32Array, mostNearest)
  const dataset = await recentDataset(source.dataset, order.datasets, reading)
  const indexOf = (row: number) => indices[row] ?? 0
  return {
    among: indices.length,
    samples: found.map(({ row, distance }) => ({
      sample: indexOf(row),
      class: order.classes[labels[row] ?? 0] ?? '',
      distance,
    })),
    images: picturesAt(
      dataset,
      found.map(({ row }) => indexOf(row)),
    ),
  }
}

/** The features of source samples, by the encoder that predicts. They are kept while this process lives. */
async function sourceFeatures(
  source: Domain,
  order: Omit<Order, 'sample'>,
  { predictor, model }: StoredPredictor,
  reading: Reading,
): Promise<SourceFeatures> {
  const key = await keyOfPredictor(order)
  const found = kept.find((one) => one.key === key) ?? (await read())
  kept = [found, ...kept.filter((one) => one !== found)].slice(0, mostKept)
  return found

  async function read(): Promise<SourceFeatures> {
    const dataset = await recentDataset(source.dataset, order.datasets, reading)
    reading(null)
    const count = Math.min(mostCompared, imagesIn(source, dataset.summary))
    const array = samplesOf({ ...source, count }, dataset, model, mostForQuestion, source)
    const samples = samplesIn(await encodedSamples(array, model, order.datasets))
    const table = freeing(() => featuresOf(predictor.encoder, samples).dataSync()) as Float32Array
    samples.dispose()
    return { key, table, indices: array.indices, labels: array.labels }
  }
}

/** The prediction of the sample in each checkpoint of the run; one that cannot be read or predicts nothing is left out. */
async function throughRounds(
  { rounds, ...order }: Order,
  samples: Samples,
  temperature: number,
): Promise<Inspection['rounds']> {
  const rows = () => samples.rows(only)
  const found: Inspection['rounds'] = []
  for (const { round, path } of rounds) {
    const pass = await withPredictor({ ...order, checkpoint: path }, ({ predictor }) =>
      predictPass(predictor, rows, temperature),
    ).catch(() => null)
    if (pass === null) continue
    const prediction = pass.predictions[0] ?? 0
    found.push({ round, prediction, probability: pass.probabilities[prediction] ?? 0 })
  }
  return found
}
