/** Recognises networks by the names and shapes of tensors: which there are, of which options, for how many classes. */
import { maxSide, modelSchema } from '../contract/experiment'
import type { AddedNetwork } from '../networks/added'
import type { Encoder, EncoderOptions } from '../networks/encoder'
import type { Layer, Linear } from '../networks/layer'
import {
  baseLayers,
  encoderNamed,
  encoders,
  type BaseLayers,
  type EncoderId,
  type NetworkOptions,
} from '../networks/registry'
import { tensorsOf } from '../networks/tensors'
import type { NamedTensor } from './safetensors'
import { baseNetworks, idOf, shapesOf, type DeclaredNetwork, type ShapeOptions, type Shapes } from './shapes'

/** A tensor without its values, in our names and PyTorch's layout. */
export type NamedShape = Pick<NamedTensor, 'name' | 'shape'>

/** What the tensors hold. MS and C are always listed; a network is listed even if some of its tensors are missing. */
export interface Recognised {
  readonly networks: readonly DeclaredNetwork[]
  readonly classes: number
  readonly model: ShapeOptions
}

/** @param added networks that methods declare */
export function recognise(tensors: readonly NamedShape[], added: readonly AddedNetwork[]): Recognised {
  const isThere = (network: DeclaredNetwork) => holdsNetwork(tensors, idOf(network))
  const isRequired = (network: DeclaredNetwork) => network === 'source_encoder' || network === 'classifier'
  const model = modelIn(tensors)
  return {
    networks: [...baseNetworks, ...added].filter((network) => isRequired(network) || isThere(network)),
    classes: classesIn(tensors, model) ?? 0,
    model,
  }
}

export function holdsNetwork(tensors: readonly Pick<NamedShape, 'name'>[], network: string): boolean {
  return tensors.some(({ name }) => name.startsWith(`${network}.`))
}

/** The tensors that the recognised networks need, by name. */
export function shapesIn({ networks, model, classes }: Recognised): Shapes {
  return Object.assign({}, ...networks.map((network) => shapesOf(network, model, classes))) as Shapes
}

/** The number of classes of C: the outputs of its last linear layer; undefined if that layer is missing. */
export function classesIn(tensors: readonly NamedShape[], model: ShapeOptions): number | undefined {
  const name = logitsTensor(model)
  return tensors.find((tensor) => tensor.name === name)?.shape[0]
}

/** The name of the weights that give C's logits. */
export function logitsTensor(model: ShapeOptions): string {
  const { classifier } = baseLayers(withDefaults(model), 1)
  const layer = [...classifier].reverse().find((one): one is Linear => one.kind === 'linear')
  return `classifier.${layer?.name ?? ''}.weight`
}

const withDefaults = (model: ShapeOptions): NetworkOptions => ({ ...modelSchema.parse({}), ...model })

/** Recognises the options that determine the shapes of MS and C. They need not fit; `shapesOf` tells. */
export function modelIn(tensors: readonly NamedShape[]): ShapeOptions {
  const shapes = new Map(tensors.map(({ name, shape }) => [name, shape]))
  const { encoder: first, ...defaults } = modelSchema.parse({})
  const found = encoderIn((tensor) => shapes.get(tensor.replace(/^encoder\./, 'source_encoder.')))
  const model = { ...defaults, ...found?.options, encoder: found?.encoder ?? first }
  return { ...model, hidden: [...model.hidden], side: sideIn(model, shapes) ?? defaults.side }
}

function encoderIn(
  shapeOf: Parameters<Encoder['recognise']>[0],
): { encoder: EncoderId; options: Partial<EncoderOptions> } | null {
  for (const { id, recognise: recogniseOptions } of encoders) {
    const options = recogniseOptions(shapeOf)
    if (options !== null) return { encoder: id, options }
  }
  return null
}

/** The least side with which the layer on the flattened maps has as many inputs as its stored weights. */
function sideIn(model: NetworkOptions, shapes: ReadonlyMap<string, readonly number[]>): number | undefined {
  const layer = onFlattenedMaps(baseLayers(model, 1))
  const inputs = layer && shapes.get(layer.tensor)?.[1]
  if (inputs === undefined) return undefined
  return sidesOf(model).find((side) => onFlattenedMaps(baseLayers({ ...model, side }, 1))?.inputs === inputs)
}

/** The linear layer on the flattened maps, of the encoder or of the classifier on it; null if there is none. */
function onFlattenedMaps({ encoder, classifier }: BaseLayers): { tensor: string; inputs: number } | null {
  const start = encoder.findIndex(({ kind }) => kind === 'flatten')
  if (start < 0) return null
  const isLinear = (layer: Layer): layer is Linear => layer.kind === 'linear'
  const own = encoder.slice(start).find(isLinear)
  if (own !== undefined) return { tensor: `source_encoder.${own.name}.weight`, inputs: own.inputs }
  const next = classifier.find(isLinear)
  return next === undefined ? null : { tensor: `classifier.${next.name}.weight`, inputs: next.inputs }
}

/** All sides that an encoder takes; none if it takes vectors. */
function sidesOf({ encoder }: Pick<NetworkOptions, 'encoder'>): number[] {
  const { takes } = encoderNamed(encoder)
  if (takes.kind === 'vector') return []
  return Array.from({ length: maxSide + 1 }, (_, side) => side).slice(takes.leastSide)
}

/** All sides with which the encoder and its classifier have the same shapes: 28 to 31 for the LeNets' 4x4 maps. */
export function sidesAlike(model: NetworkOptions): number[] {
  const shapesAt = (side: number) => {
    const { encoder, classifier } = baseLayers({ ...model, side }, 1)
    return JSON.stringify([encoder, classifier].map((layers) => tensorsOf(layers).map(({ shape }) => shape)))
  }
  const shapes = shapesAt(model.side)
  return sidesOf(model).filter((side) => shapesAt(side) === shapes)
}
