/** Recognises networks by the names and shapes of tensors: which there are, of which options, for how many classes. */
import { leastSide, type LeNet } from '../contract/encoder'
import { maxSide, modelSchema, type ModelOptions } from '../contract/experiment'
import { baseLayers, encoderNamed, type NetworkOptions } from '../networks/registry'
import { tensorsOf } from '../networks/tensors'
import type { NamedTensor } from './safetensors'
import { flattened, networkIds, shapesOf, type NetworkId, type ShapeOptions, type Shapes } from './shapes'

/** A tensor without its values, in our names and PyTorch's layout. */
export type NamedShape = Pick<NamedTensor, 'name' | 'shape'>

/** What the tensors hold. MS and C are always listed; a network is listed even if some of its tensors are missing. */
export interface Recognised {
  readonly networks: readonly NetworkId[]
  readonly classes: number
  readonly model: ShapeOptions
}

export function recognise(tensors: readonly NamedShape[]): Recognised {
  const isThere = (network: NetworkId) => tensors.some(({ name }) => name.startsWith(`${network}.`))
  const isRequired = (network: NetworkId) => network === 'source_encoder' || network === 'classifier'
  return {
    networks: networkIds.filter((network) => isRequired(network) || isThere(network)),
    classes: tensors.find(({ name }) => name === 'classifier.fc.weight')?.shape[0] ?? 0,
    model: modelIn(tensors),
  }
}

/** The tensors that the recognised networks need, by name. */
export function shapesIn({ networks, model, classes }: Recognised): Shapes {
  return Object.assign({}, ...networks.map((network) => shapesOf(network, model, classes))) as Shapes
}

/** Recognises the options that determine the shapes of MS and C. They need not fit; `shapesOf` tells. */
export function modelIn(tensors: readonly NamedShape[]): ShapeOptions {
  const shapes = new Map(tensors.map(({ name, shape }) => [name, shape]))
  const defaults = modelSchema.parse({})
  const encoder = encoderIn(shapes)
  if (encoder === 'mlp') {
    const hidden = hiddenIn(shapes)
    const length = shapes.get('source_encoder.fc1.weight')?.[1] ?? null
    const batchNorm = shapes.has('source_encoder.bn1.weight')
    return { ...defaults, encoder, length, hidden, batchNorm }
  }
  const channels = shapes.get('source_encoder.conv1.weight')?.[1] === 3 ? 3 : 1
  const inputs = shapes.get(`${flattenedBy[encoder]}.weight`)?.[1] ?? 0
  return { ...defaults, encoder, channels, side: sidesOf(encoder, inputs)[0] ?? defaults.side }
}

/** Units of the linear layers fc1, fc2 ... of MS, up to the first that is missing. */
function hiddenIn(shapes: ReadonlyMap<string, readonly number[]>): number[] {
  const units: number[] = []
  for (;;) {
    const layer = shapes.get(`source_encoder.fc${units.length + 1}.weight`)
    if (layer === undefined) return units
    units.push(layer[0] ?? 0)
  }
}

/** The layer whose inputs are the flattened maps. */
const flattenedBy: Readonly<Record<LeNet, string>> = {
  lenet: 'source_encoder.fc',
  'lenet-bn': 'source_encoder.fc',
  'lenet-mlp': 'classifier.hidden1',
}

/** All sides with which the encoder and its classifier have the same shapes: 28 to 31 for the LeNets' 4x4 maps. */
export function sidesAlike(model: NetworkOptions): number[] {
  const { takes } = encoderNamed(model.encoder)
  if (takes.kind === 'vector') return []
  const shapesAt = (side: number) => {
    const { encoder, classifier } = baseLayers({ ...model, side }, 1)
    return JSON.stringify([encoder, classifier].map((layers) => tensorsOf(layers).map(({ shape }) => shape)))
  }
  const shapes = shapesAt(model.side)
  const sides = Array.from({ length: maxSide + 1 }, (_, side) => side).slice(takes.leastSide)
  return sides.filter((side) => shapesAt(side) === shapes)
}

/** All sides with this many flattened values: 28 to 31 for 4x4 maps. */
function sidesOf(encoder: LeNet, values: number): number[] {
  const sides = Array.from({ length: maxSide + 1 }, (_, side) => side).slice(leastSide[encoder])
  return sides.filter((side) => flattened(encoder, side) === values)
}

/**
 * Recognises the encoder: `mlp` by its first linear layer, the others by the names of their batch normalisation layers;
 * `lenet` has none.
 */
function encoderIn(shapes: ReadonlyMap<string, unknown>): ModelOptions['encoder'] {
  const holds = (layer: string) => shapes.has(`source_encoder.${layer}.weight`)
  if (holds('fc1')) return 'mlp'
  if (holds('bn')) return 'lenet-bn'
  return holds('bn1') ? 'lenet-mlp' : 'lenet'
}
