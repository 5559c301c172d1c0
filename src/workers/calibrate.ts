/** Fits the temperature of a checkpoint's networks on labelled samples of its source. */
import { defects, toErrorMessage } from '../contract/errors'
import type { Domain, ModelOptions } from '../contract/experiment'
import type { Calibration } from '../contract/prediction'
import type { DatasetSource } from '../data/domain'
import { loadJudged, type JudgedSamples } from '../data/judged-samples'
import type { Predictor } from '../methods/method'
import { freeing } from '../models/scope'
import { calibrationErrorAt, temperatureOf } from '../statistics/calibration'
import { featuresOf, inPasses } from '../training/evaluate'
import { requireFiniteOutput } from '../training/finite'
import { samplesIn, type Samples } from '../training/samples'
import { encodedSamples } from './backbone-features'

/** One temperature needs few samples; the error's 15 bins need some hundreds each. */
const maxSamples = 5000

/** Nothing is calibrated. */
const uncalibrated: Calibration = {
  temperature: 1,
  on: null,
  count: 0,
  errorBefore: null,
  errorAfter: null,
}

/**
 * Logits C(encoder(x)) of all samples, `[count, classes]`, row after row.
 * @throws `output-not-finite`, which names the network
 */
export function logitsOf({ encoder, classifier }: Predictor, samples: Samples): Float32Array {
  return freeing(() => {
    const features = featuresOf(encoder, samples)
    requireFiniteOutput(features, encoder.id)
    const logits = inPasses(classifier, features)
    requireFiniteOutput(logits, classifier.id)
    return logits.dataSync<'float32'>()
  })
}

/**
 * The calibration of a predictor of the source (source-predictor.ts), on at most 5,000 samples of `source` by a fixed
 * draw: held-out samples, else training samples. `source` is the domain that the predictor learned; null if there is
 * none, or if its dataset must not be opened (src/lab/named-paths.ts). Nothing is calibrated if the dataset cannot be
 * read.
 * @throws `output-not-finite`
 */
export async function calibrationOf(
  predictor: Predictor,
  source: Domain | null,
  model: ModelOptions,
  where: DatasetSource,
): Promise<Calibration> {
  const judged = source && (await readable(source, model, where))
  return judged === null ? uncalibrated : calibrationOn(predictor, judged)
}

/** Null if the dataset is missing, has changed, or cannot be read. */
async function readable(
  source: Domain,
  model: ModelOptions,
  where: DatasetSource,
): Promise<JudgedSamples | null> {
  try {
    const judged = await loadJudged(source, model, where, maxSamples)
    return { ...judged, samples: await encodedSamples(judged.samples, model, where.datasets) }
  } catch (error) {
    if (defects.includes(toErrorMessage(error).code)) throw error
    return null
  }
}

function calibrationOn(predictor: Predictor, { samples, on }: JudgedSamples): Calibration {
  const resident = samplesIn(samples)
  const logits = logitsOf(predictor, resident)
  resident.dispose()
  const labelled = { logits, classes: logits.length / samples.count, labels: samples.labels }
  const temperature = temperatureOf(labelled)
  return {
    temperature,
    on,
    count: samples.count,
    errorBefore: calibrationErrorAt(labelled, 1),
    errorAfter: calibrationErrorAt(labelled, temperature),
  }
}
