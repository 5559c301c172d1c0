/** The networks of a checkpoint that predict, and the samples of a dataset as these networks take them. */
import { kindForError } from '../contract/dataset'
import { labError } from '../contract/errors'
import type { Experiment, ModelOptions } from '../contract/experiment'
import { vectorLength } from '../contract/sample'
import type { AnalystOrder } from '../contract/worker'
import { asInTraining } from '../data/as-in-training'
import type { Dataset } from '../data/dataset'
import { type DomainSamples, everySample, normaliserFor } from '../data/domain'
import type { Normaliser } from '../data/normalise'
import { openDataset } from '../data/open-dataset'
import type { Reading } from '../data/reading'
import type { Predictor } from '../methods/method'
import { predictorOf } from '../training/networks'
import { decodeImage } from './decode-image'
import { createdOrFreed } from './created-or-freed'
import { readNetworks } from './evaluate-checkpoint'
import { loadTensorFlow } from './native'
import { disposePredictors, sourcePredictorOf } from './source-predictor'

type Order = Pick<AnalystOrder<'predict'>, 'checkpoint' | 'pixels' | 'encoder' | 'threads'>

export interface StoredPredictor {
  readonly predictor: Predictor
  /** The networks that predict the source: `predictor` itself unless the method lets it forget the source. */
  readonly sourcePredictor: Predictor
  readonly model: ModelOptions
  /** Null for a file of another program. */
  readonly experiment: Experiment | null
}

/**
 * Loads TensorFlow, and frees the networks when `work` has ended, by an error too.
 * @throws what `readNetworks`, `predictorOf` and `work` throw
 */
export async function withPredictor<T>(
  { checkpoint, pixels, encoder, threads }: Order,
  work: (stored: StoredPredictor) => T | Promise<T>,
): Promise<T> {
  const networks = await readNetworks(checkpoint, pixels)
  const { tensors, model, classes, experiment } = networks
  await loadTensorFlow(threads)
  const { predictor, sourcePredictor } = createdOrFreed(() => {
    const created = predictorOf(tensors, encoder, model, classes, checkpoint)
    return { predictor: created, sourcePredictor: sourcePredictorOf(created, networks, checkpoint) }
  })
  try {
    return await work({ predictor, sourcePredictor, model, experiment })
  } finally {
    disposePredictors(predictor, sourcePredictor)
  }
}

/** Refuses samples that the networks do not take: vectors for images, images for vectors, another length. */
export function requireFit(
  dataset: string,
  found: Pick<Dataset['summary'], 'length'>,
  model: Pick<ModelOptions, 'length' | 'backbone'>,
): void {
  const expected = vectorLength(model)
  if (found.length === expected) return
  throw labError('samples-unfit-network', {
    dataset,
    found: kindForError(found.length),
    expected: kindForError(expected),
  })
}

interface Where {
  readonly datasets: string
  readonly reading: Reading
  /** Bytes of pixels that may be in memory; of more, only batches are read. */
  readonly most: number
}

/** An open dataset, with the id or path by which it was opened. */
export interface OpenedDataset {
  readonly id: string
  readonly dataset: Dataset
}

/** Normalises vectors as training did: by the samples that it saw. */
async function normaliserIn(
  { id, dataset }: OpenedDataset,
  { model, experiment }: StoredPredictor,
  { datasets, reading }: Where,
): Promise<Normaliser> {
  const { normalisedBy } = asInTraining(id, experiment)
  if (dataset.samples.kind === 'image' || model.vectors !== 'z-score' || normalisedBy === null) {
    return normaliserFor(null, dataset, model)
  }
  const seen =
    normalisedBy.dataset === id
      ? dataset
      : await openDataset(normalisedBy.dataset, datasets, { decode: decodeImage, reading })
  return normaliserFor(normalisedBy, seen, model)
}

/**
 * All samples of an open dataset, in its order, as the networks take them.
 * @throws `samples-unfit-network`, and what opening the dataset of the statistics throws
 */
export async function samplesFor(
  opened: OpenedDataset,
  stored: StoredPredictor,
  where: Where,
): Promise<DomainSamples> {
  const { id, dataset } = opened
  requireFit(id, dataset.summary, stored.model)
  const normalise = await normaliserIn(opened, stored, where)
  return everySample(dataset, asInTraining(id, stored.experiment), stored.model, normalise, where.most)
}
