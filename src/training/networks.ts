/** The networks of an experiment: MS, C, MT and whatever its method adds. */
import type { NamedTensor } from '../checkpoints/safetensors'
import type { Experiment } from '../contract/experiment'
import { stream } from '../data/random'
import type { Adaptation, BaseNetworks, Predictor } from '../methods/method'
import { methodNamed } from '../methods/registry'
import { architecturesOf } from '../models/architectures'
import { backgroundOf } from '../models/views'
import { copyWeights, createNetwork, restore, type Architecture, type Network } from '../models/network'

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

  const { features, ...architectures } = architecturesOf(model, classes)
  const MS = create('source_encoder', architectures.encoder)
  const C = create('classifier', architectures.classifier)
  const MT = create('target_encoder', architectures.encoder)
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
          features,
          architectures,
          create,
        })
  return { MS, MT, C, adaptation, ofSource: [MS, C], ofAdaptation: [MT, ...(adaptation?.networks ?? [])] }
}

/** What judges each domain's images: straight transfer, where nothing is adapted. */
export function predictorsOf({
  MS,
  MT,
  C,
  adaptation,
}: ExperimentNetworks): Record<'source' | 'target', Predictor> {
  if (adaptation !== null) return { source: adaptation.source, target: adaptation.target }
  return { source: { encoder: MS, classifier: C }, target: { encoder: MT, classifier: C } }
}

/** Whether adaptation changes what judges a domain. */
export function learns({ adaptation }: ExperimentNetworks, { encoder, classifier }: Predictor): boolean {
  const ofSource = [
    ...(adaptation?.learners ?? []),
    ...(adaptation?.copies ?? []).map(({ to }) => ({ network: to })),
  ]
  return ofSource.some(({ network }) => network === encoder || network === classifier)
}

/** What adaptation starts from once MS and C have learned; a method that learns nothing leaves MT a copy of MS. */
export function startAdaptation({ MS, MT, adaptation }: ExperimentNetworks): void {
  for (const { from, to } of adaptation?.copies ?? [{ from: MS, to: MT }]) copyWeights(from, to)
}

/** Whether stored tensors hold this network. */
export function holds(tensors: readonly NamedTensor[], network: Network): boolean {
  return tensors.some(({ name }) => name.startsWith(`${network.id}.`))
}

/**
 * What judges images, out of a checkpoint. `source`: MS and C. `target`: `target_encoder` and `target_classifier`,
 * in place of which MS and C stand where they are not there: before adaptation, or in a method that keeps C.
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
  const adapted = (id: string) => which === 'target' && tensors.some(({ name }) => name.startsWith(`${id}.`))
  const { encoder, classifier } = architecturesOf(model, classes)
  return {
    encoder: create(adapted('target_encoder') ? 'target_encoder' : 'source_encoder', encoder),
    classifier: create(adapted('target_classifier') ? 'target_classifier' : 'classifier', classifier),
  }
}
