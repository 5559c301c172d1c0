/**
 * The networks that predict the source, on whose samples probabilities are calibrated.
 *
 * A method that adapts only MT lets MT forget the source: its errors there say nothing about the target, and a temperature
 * fitted on them may be any. MS and C, from which MT and its classifier began, are used instead.
 */
import type { NamedTensor } from '../checkpoints/safetensors'
import type { Experiment, ModelOptions } from '../contract/experiment'
import type { Predictor } from '../methods/method'
import { methodNamed } from '../methods/registry'
import { disposeVariables } from '../models/network'
import { predictorOf } from '../training/networks'

interface Stored {
  /** In memory layout. */
  readonly tensors: readonly NamedTensor[]
  readonly model: ModelOptions
  /** Number of classes of the classifier. */
  readonly classes: number
  /** Null for a file of another program. */
  readonly experiment: Experiment | null
}

/**
 * `predictor` itself if it predicts the source, too.
 * @param predictor the networks of `file` that classify the target
 * @throws what `predictorOf` throws
 */
export function sourcePredictorOf(
  predictor: Predictor,
  { tensors, model, classes, experiment }: Stored,
  file: string,
): Predictor {
  const isForgetful =
    experiment !== null && methodNamed(experiment.adaptation.method).declaration.sourceJudge === 'MS'
  return isForgetful ? predictorOf(tensors, 'source', model, classes, file) : predictor
}

/** Frees networks; each may be given several times. */
export function disposePredictors(...predictors: readonly Predictor[]): void {
  const networks = new Set(predictors.flatMap(({ encoder, classifier }) => [encoder, classifier]))
  for (const { variables } of networks) disposeVariables(variables)
}

/** The result of `work`; the networks are freed at its end, by an error too. */
export function freedAfter<T>(predictor: Predictor, work: () => T): T {
  try {
    return work()
  } finally {
    disposePredictors(predictor)
  }
}
