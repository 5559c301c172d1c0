/** Prepares the step of any method to run on a few digits. */
import * as tf from '@tensorflow/tfjs-core'
import type { Experiment } from '../../../src/contract/experiment'
import { stream } from '../../../src/data/random'
import type { Adaptation } from '../../../src/methods/method'
import { methodNamed } from '../../../src/methods/registry'
import { disposeVariables, valuesOf, type Network } from '../../../src/models/network'
import { adaptationNumbers, adaptationStage } from '../../../src/training/adaptation'
import { featuresOf } from '../../../src/training/evaluate'
import { createNetworks, startAdaptation, type ExperimentNetworks } from '../../../src/training/networks'
import { disposeDomain, residentDomain } from '../../../src/training/resident'
import { labelledImages } from '../../../src/data/shots'
import { newRoundInputs } from '../../../src/training/round-inputs'
import { disposeShots, residentShots } from '../../../src/training/shots'
import { prepareSteps, type EngineKind, type StageSteps, type StepNumbers } from '../../../src/training/steps'
import { experimentWith, firstOf, twosAndThrees, zerosAndOnes } from '../training/support'

export interface Running {
  readonly networks: ExperimentNetworks
  readonly adaptation: Adaptation
  readonly steps: StageSteps
  /** Numbers for step `step`: batches drawn by its index. */
  readonly numbersOf: (step: number) => StepNumbers
  dispose(): void
}

/**
 * Settings for untrained networks. Their predictions have low confidence, so mean-teacher needs a lower threshold. MMD
 * pulls all features to one point, from which rounding decides the direction of the next step: immediately at full
 * weight, and at a tenth of it if the learning rate is large.
 */
const ofNewNetworks: Readonly<Record<string, object>> = {
  'mean-teacher': { parameters: { confidenceThreshold: 0.3 } },
  dan: { learningRate: 1e-4, parameters: { mmdWeight: 0.1 } },
}

export const settingsOf = (id: string, settings: Readonly<Record<string, unknown>> = {}) => ({
  method: id,
  learningRate: 1e-3,
  ...ofNewNetworks[id],
  ...settings,
})

/** Null for a method that does not learn. `images` in each domain, in batches of `sizes`. */
export function runningStage(
  experiment: Experiment,
  engine: EngineKind,
  images: number,
  sizes: { source: number; target: number },
): Running | null {
  const { declaration } = methodNamed(experiment.adaptation.method)
  const networks = createNetworks(experiment)
  const { MS, adaptation, ofSource, ofAdaptation } = networks
  const disposeNetworks = () => {
    for (const { variables } of [...ofSource, ...ofAdaptation]) disposeVariables(variables)
  }
  if (adaptation === null) {
    disposeNetworks()
    return null
  }
  startAdaptation(networks)
  const source = residentDomain(firstOf(zerosAndOnes, images))
  const targetImages = firstOf(twosAndThrees, images)
  const target = residentDomain(targetImages)
  const shots = residentShots(labelledImages(experiment, targetImages), target)
  const data = { source, target, sourceFeatures: featuresOf(MS, source.images), shots }
  const ofRound = newRoundInputs(adaptation, target)
  const shown = (domain: 'source' | 'target', step: number) =>
    stream(0, domain, step).permutation(images).subarray(0, sizes[domain])
  const numbersOf = (step: number) => {
    const pair = { source: shown('source', step), target: shown('target', step) }
    return { ...adaptationNumbers(experiment, adaptation, shots, pair, 1, step, 100), ofRound }
  }
  const stage = adaptationStage(networks, adaptation, declaration, experiment, data)
  const steps = prepareSteps(stage, [numbersOf(50)], engine)
  return {
    networks,
    adaptation,
    steps,
    numbersOf,
    dispose() {
      steps.dispose()
      disposeDomain(source)
      disposeDomain(target)
      if (shots !== null) disposeShots(shots)
      data.sourceFeatures.dispose()
      tf.dispose(ofRound)
      disposeNetworks()
    },
  }
}

/** All values of a network as one text, to detect any change. */
export function textOf({ variables }: Network): string {
  return valuesOf(variables)
    .map(({ data }) => Buffer.from(data.slice().buffer).toString('base64'))
    .join()
}

/** An experiment with this method and encoder. */
export function experimentOf(
  id: string,
  settings: Readonly<Record<string, unknown>> = {},
  encoder: Experiment['model']['encoder'] = 'lenet',
): Experiment {
  const experiment = experimentWith({ adaptation: settingsOf(id, settings) })
  return { ...experiment, model: { ...experiment.model, encoder } }
}
