/** The networks of an experiment: MS, C, MT and those that its method adds. */
import type { NamedTensor } from '../checkpoints/safetensors'
import type { Experiment } from '../contract/experiment'
import { schemaOfAll } from '../contract/parameter'
import { stream } from '../data/random'
import type { Adaptation, BaseNetworks, Predictor } from '../methods/method'
import { methodNamed } from '../methods/registry'
import { architecturesOf } from '../models/architectures'
import { layersOfAdded } from '../networks/added'
import type { Layer } from '../networks/layer'
import { augmentOf } from '../models/views'
import { copyWeights, createNetwork, restore, type Network } from '../models/network'

export interface ExperimentNetworks extends BaseNetworks {
  /** Null if the method learns nothing after the source stage. */
  readonly adaptation: Adaptation | null
  /** Networks trained by the source stage. */
  readonly ofSource: readonly Network[]
  /** MT and the networks added by the method. */
  readonly ofAdaptation: readonly Network[]
}

/** Creates the networks; each is initialised from its own random stream. Throws `unknown-method`. */
export function createNetworks(experiment: Experiment): ExperimentNetworks {
  const { model, adaptation: settings, seed, source } = experiment
  const classes = source.classes.length
  const create = (id: string, layers: readonly Layer[]) =>
    createNetwork(id, layers, stream(seed, 'weights', id))

  const base = architecturesOf(model, classes)
  const MS = create('source_encoder', base.encoder)
  const C = create('classifier', base.classifier)
  const MT = create('target_encoder', base.encoder)
  const { adapt, declaration } = methodNamed(settings.method)
  const values = schemaOfAll(declaration.parameters).parse(settings.parameters)
  const createDeclared = (id: string) => {
    const network = declaration.networks.find((one) => one.id === id)
    if (network === undefined) throw new Error(`${declaration.id} declares no network ${id}`)
    return create(id, layersOfAdded(network, base, classes, values))
  }
  const adaptation =
    adapt === null
      ? null
      : adapt({
          MS,
          MT,
          C,
          values: settings.parameters,
          adaptation: settings,
          augment: augmentOf(model, settings.views),
          create: createDeclared,
        })
  return { MS, MT, C, adaptation, ofSource: [MS, C], ofAdaptation: [MT, ...(adaptation?.networks ?? [])] }
}

/**
 * The encoder and classifier used for each domain. Without adaptation: MS and C for the source, MT and C for the
 * target.
 */
export function predictorsOf({
  MS,
  MT,
  C,
  adaptation,
}: ExperimentNetworks): Record<'source' | 'target', Predictor> {
  if (adaptation !== null) return { source: adaptation.source, target: adaptation.target }
  return { source: { encoder: MS, classifier: C }, target: { encoder: MT, classifier: C } }
}

/** Whether adaptation changes a predictor's encoder or classifier. */
export function learns({ adaptation }: ExperimentNetworks, { encoder, classifier }: Predictor): boolean {
  const ofSource = [
    ...(adaptation?.learners ?? []),
    ...(adaptation?.copies ?? []).map(({ to }) => ({ network: to })),
  ]
  return ofSource.some(({ network }) => network === encoder || network === classifier)
}

/**
 * Copies weights between the source stage and adaptation, as the method declares. A method without adaptation copies
 * MS to MT.
 */
export function startAdaptation({ MS, MT, adaptation }: ExperimentNetworks): void {
  for (const { from, to } of adaptation?.copies ?? [{ from: MS, to: MT }]) copyWeights(from, to)
}

/** Whether stored tensors hold this network. */
export function holds(tensors: readonly NamedTensor[], network: Network): boolean {
  return tensors.some(({ name }) => name.startsWith(`${network.id}.`))
}

/**
 * The encoder and classifier stored in a checkpoint. `source`: MS and C. `target`: `target_encoder` and
 * `target_classifier`; if one is missing (before adaptation, or in a method that keeps C), MS or C replaces it.
 * Throws `checkpoint-missing-tensor` and `checkpoint-wrong-shape`. The caller disposes the variables.
 */
export function predictorOf(
  tensors: readonly NamedTensor[],
  which: 'source' | 'target',
  model: Experiment['model'],
  classes: number,
  file: string,
): Predictor {
  const create = (id: string, layers: readonly Layer[]) => {
    const network = createNetwork(id, layers, stream(0, 'weights', id))
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
