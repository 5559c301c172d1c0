/** The networks of an experiment: MS, C, MT and whatever its method adds. */
import type { NamedTensor } from '../checkpoints/safetensors'
import type { Experiment } from '../contract/experiment'
import { stream } from '../data/random'
import type { Adaptation, BaseNetworks } from '../methods/method'
import { methodNamed } from '../methods/registry'
import { classifier } from '../models/classifier'
import { lenet } from '../models/encoder'
import { backgroundOf } from '../models/views'
import { createNetwork, restore, type Architecture, type Network } from '../models/network'

export interface ExperimentNetworks extends BaseNetworks {
  /** Null where the method learns nothing after the source stage. */
  readonly adaptation: Adaptation | null
  /** Those that the source stage trains. */
  readonly ofSource: readonly Network[]
  /** Those of the adaptation. */
  readonly ofAdaptation: readonly Network[]
}

/** New networks; each is initialised from a stream of its own. Throws `unknown-method`. */
export function createNetworks(experiment: Experiment): ExperimentNetworks {
  const { model, adaptation: settings, seed, source } = experiment
  const classes = source.classes.length
  const create = <Name extends string>(id: string, architecture: Architecture<Name>) =>
    createNetwork(id, architecture, stream(seed, 'weights', id))

  const MS = create('source_encoder', lenet(model.channels))
  const C = create('classifier', classifier(classes, model.classifierActivation))
  const MT = create('target_encoder', lenet(model.channels))
  const { adapt } = methodNamed(settings.method)
  const adaptation =
    adapt === null
      ? null
      : adapt({
          MS,
          MT,
          C,
          values: settings.parameters,
          adaptation: settings,
          background: backgroundOf(model),
          classes,
          create,
        })
  return { MS, MT, C, adaptation, ofSource: [MS, C], ofAdaptation: [MT, ...(adaptation?.networks ?? [])] }
}

/** Whether stored tensors hold this network. */
export function holds(tensors: readonly NamedTensor[], network: Network): boolean {
  return tensors.some(({ name }) => name.startsWith(`${network.id}.`))
}

export interface Predictor {
  readonly encoder: Network
  readonly classifier: Network
}

/**
 * C and an encoder out of a checkpoint, to be applied to images. `target`: MT, or MS where there is no MT yet.
 * Throws `checkpoint-missing-tensor` and `checkpoint-wrong-shape`. The caller disposes the variables.
 */
export function predictorOf(
  tensors: readonly NamedTensor[],
  which: 'source' | 'target',
  model: Experiment['model'],
  classes: number,
  file: string,
): Predictor {
  const create = <Name extends string>(id: string, architecture: Architecture<Name>) => {
    const network = createNetwork(id, architecture, stream(0, 'weights', id))
    restore(network.variables, tensors, file)
    return network
  }
  const hasTarget = tensors.some(({ name }) => name.startsWith('target_encoder.'))
  const id = which === 'target' && hasTarget ? 'target_encoder' : 'source_encoder'
  return {
    encoder: create(id, lenet(model.channels)),
    classifier: create('classifier', classifier(classes, model.classifierActivation)),
  }
}
