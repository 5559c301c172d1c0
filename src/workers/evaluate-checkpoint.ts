/** Evaluates the networks of a checkpoint on any domain. */
import { readCheckpoint } from '../checkpoints/checkpoint'
import { fromTorch } from '../checkpoints/layout'
import { classesIn, logitsTensor, modelIn } from '../checkpoints/recognise'
import { networksOf } from '../checkpoints/shapes'
import { declaredNetworks } from '../methods/networks'
import type { NamedTensor } from '../checkpoints/safetensors'
import { labError } from '../contract/errors'
import {
  modelSchema,
  type Domain,
  type Experiment,
  type ModelOptions,
  type Pixels,
} from '../contract/experiment'
import type { AnalystOrder, AnalystOutput } from '../contract/worker'
import { loadDomain, type DomainSamples } from '../data/domain'
import { picturesOf } from '../data/pictures'
import type { Reading } from '../data/reading'
import type { Network } from '../models/network'
import { freeing } from '../models/scope'
import { wilsonInterval } from '../statistics/interval'
import { evaluate, featuresOf } from '../training/evaluate'
import { predictorOf } from '../training/networks'
import { principalAxes } from '../training/projection'
import { firstSamples, samplesIn } from '../training/samples'
import { encodedSamples } from './backbone-features'
import { decodeImage } from './decode-image'
import { loadTensorFlow } from './native'
import { createdOrFreed } from './created-or-freed'
import { freedAfter } from './source-predictor'

const maxWrong = 200
const maxPoints = 1000

export interface StoredNetworks {
  /** In memory layout. */
  readonly tensors: readonly NamedTensor[]
  readonly model: ModelOptions
  /** Number of classes of the classifier. */
  readonly classes: number
  /** Null for a file of another program. */
  readonly experiment: Experiment | null
  /** Null: before adaptation, or in a file of another program. */
  readonly round: number | null
}

/**
 * Reads the networks in a file. A file from another program does not contain the options; those that determine shapes
 * are then recognised by its tensors, the user gives `pixels`, and the others have their defaults.
 * @throws `checkpoint-missing-tensor`, and what `readCheckpoint` throws
 */
export async function readNetworks(file: string, pixels: Pixels): Promise<StoredNetworks> {
  const { facts, tensors } = await readCheckpoint(file, declaredNetworks)
  const model = facts?.experiment.model ?? modelSchema.parse({ ...modelIn(tensors), pixels })
  const classes = classesIn(tensors, model)
  if (classes === undefined)
    throw labError('checkpoint-missing-tensor', { file, tensor: logitsTensor(model) })
  return {
    tensors: fromTorch(tensors, networksOf(model, classes, declaredNetworks), file),
    model,
    classes,
    experiment: facts?.experiment ?? null,
    round: facts?.round ?? null,
  }
}

/**
 * Features of the first `count` images, projected onto two dimensions: pairs of float32. Throws `output-not-finite`.
 */
function pointsOf(encoder: Network, samples: DomainSamples, count: number): Float32Array {
  return freeing(() => {
    const first = samplesIn(firstSamples(samples, count))
    const features = featuresOf(encoder, first)
    first.dispose()
    const plane = principalAxes(features, 2)
    const points = plane.project(features)
    plane.dispose()
    // Finite features can have squares that overflow.
    if (!points.every(Number.isFinite)) throw labError('output-not-finite', { network: encoder.id })
    return points
  })
}

/** The domain that training saw of the same dataset: its statistics normalise vectors. */
function seenOf({ dataset }: Domain, experiment: Experiment | null): Domain | undefined {
  if (experiment === null) return undefined
  return [experiment.target, experiment.source].find((seen) => seen.dataset === dataset)
}

/** @throws `unequal-classes` if domain and classifier differ in the number of classes */
export async function evaluateCheckpoint(
  { checkpoint, pixels, domain, pairing, encoder: which, datasets, threads }: AnalystOrder<'evaluate'>,
  reading: Reading,
): Promise<AnalystOutput<'evaluate'>> {
  const { tensors, model, classes, experiment } = await readNetworks(checkpoint, pixels)
  reading(null)
  if (domain.classes.length !== classes) {
    throw labError('unequal-classes', { source: classes, target: domain.classes.length })
  }
  await loadTensorFlow(threads)
  const where = { datasets, decode: decodeImage, reading }
  const images = await loadDomain(domain, model, where, seenOf(domain, experiment))
  const samples = await encodedSamples(images, model, datasets)
  const predictor = createdOrFreed(() => predictorOf(tensors, which, model, classes, checkpoint))
  const { encoder, classifier } = predictor
  const shown = Math.min(images.count, maxPoints)
  const { accuracies, predictions, points } = freedAfter(predictor, () => ({
    ...evaluate(encoder, classifier, samples, pairing),
    points: pointsOf(encoder, samples, shown),
  }))

  const right = Uint8Array.from(images.labels, (label, index) =>
    Number(predictions[index] === pairing[label]),
  )
  const wrong: number[] = []
  right.forEach((hit, index) => {
    if (hit === 0 && wrong.length < maxWrong) wrong.push(index)
  })
  return {
    checkpoint,
    domain,
    pairing,
    result: accuracies,
    interval: wilsonInterval(accuracies.accuracy, accuracies.count),
    right: Buffer.from(right).toString('base64'),
    wrong: {
      ...picturesOf(images, model.pixels, wrong),
      predictions: wrong.map((index) => predictions[index] ?? 0),
    },
    features: {
      points: Buffer.from(points.buffer, points.byteOffset, points.byteLength).toString('base64'),
      labels: Array.from(images.labels.subarray(0, shown)),
      predictions: Array.from(predictions.subarray(0, shown)),
    },
  }
}
