/** Imports weights from a safetensors file or from the recipe's `.npy` files. */
import { promises as fs } from 'fs'
import { extname } from 'path'
import { leastSide, type LeNet } from '../contract/encoder'
import { labError } from '../contract/errors'
import { maxSide, modelSchema, type ModelOptions } from '../contract/experiment'
import type { CheckpointFacts } from '../contract/record'
import { checkTensors, inspectCheckpoint, type Checkpoint } from './checkpoint'
import { fileError } from '../files/file-error'
import { readRecipe } from './recipe'
import type { NamedTensor } from './safetensors'
import { flattened, networkIds, shapesOf, type NetworkId, type ShapeOptions } from './shapes'
import { requireUsable } from './usable-weights'

export interface ImportedWeights {
  /** In our names and PyTorch's layout; every network present is complete. */
  readonly tensors: readonly NamedTensor[]
  readonly networks: readonly NetworkId[]
  readonly classes: number
  /** The options that determine the shapes. */
  readonly model: ShapeOptions
  /** The metadata of a checkpoint of the lab; null for all other files. */
  readonly facts: CheckpointFacts | null
  readonly origin: Checkpoint['origin']
}

/**
 * Reads a `.safetensors` file, a folder of the recipe's `.npy` files, or one of those files. At least the source
 * encoder and the classifier must be present.
 * @throws `file-not-found`, `unknown-format`, `checkpoint-missing-tensor`, `checkpoint-wrong-shape`, and what
 * `inspectCheckpoint`, `readRecipe` and `requireUsable` throw
 */
export async function importWeights(path: string): Promise<ImportedWeights> {
  const { facts, origin, tensors } = await readWeights(path)
  requireUsable(tensors, path)
  return { facts, origin, tensors, ...recogniseNetworks(tensors, path) }
}

async function readWeights(path: string): Promise<Pick<ImportedWeights, 'facts' | 'origin' | 'tensors'>> {
  const stat = await fs.stat(path).catch((problem: unknown) => {
    throw fileError(problem, path)
  })
  const ending = extname(path).toLowerCase()
  if (!stat.isDirectory() && ending === '.safetensors') return inspectCheckpoint(path)
  if (stat.isDirectory() || ending === '.npy') {
    return { facts: null, origin: 'foreign', tensors: await readRecipe(path) }
  }
  throw labError('unknown-format', { file: path })
}

/**
 * Finds which networks a set of tensors holds, the number of classes, and the options that determine the shapes.
 * @throws `checkpoint-missing-tensor`, `checkpoint-wrong-shape`
 */
export function recogniseNetworks(
  tensors: readonly NamedTensor[],
  file: string,
): Pick<ImportedWeights, 'networks' | 'classes' | 'model'> {
  const lengthOf = (name: string, axis: number) => tensors.find((tensor) => tensor.name === name)?.shape[axis]
  const classes = lengthOf('classifier.fc.weight', 0) ?? 0
  const model = modelIn(tensors)
  const isThere = (network: NetworkId) => tensors.some(({ name }) => name.startsWith(`${network}.`))
  const isNeeded = (network: NetworkId) => network === 'source_encoder' || network === 'classifier'
  const networks = networkIds.filter((network) => isNeeded(network) || isThere(network))
  for (const network of networks) checkTensors(tensors, shapesOf(network, model, classes), file)
  return { networks, classes, model }
}

/** Recognises the options that determine the shapes of MS and C. They need not fit; `shapesOf` tells. */
export function modelIn(tensors: readonly NamedTensor[]): ShapeOptions {
  const shapeOf = (name: string) => tensors.find((tensor) => tensor.name === name)?.shape
  const defaults = modelSchema.parse({})
  const encoder = encoderIn(tensors)
  if (encoder === 'mlp') {
    const hidden = hiddenIn(tensors)
    const length = shapeOf('source_encoder.fc1.weight')?.[1] ?? null
    const batchNorm = shapeOf('source_encoder.bn1.weight') !== undefined
    return { ...defaults, encoder, length, hidden, batchNorm }
  }
  const channels = shapeOf('source_encoder.conv1.weight')?.[1] === 3 ? 3 : 1
  const inputs = shapeOf(`${flattenedBy[encoder]}.weight`)?.[1] ?? 0
  return { ...defaults, encoder, channels, side: sideOf(encoder, inputs) ?? defaults.side }
}

/** Units of the linear layers fc1, fc2 ... of MS, up to the first that is missing. */
function hiddenIn(tensors: readonly NamedTensor[]): number[] {
  const units: number[] = []
  for (;;) {
    const name = `source_encoder.fc${units.length + 1}.weight`
    const layer = tensors.find((tensor) => tensor.name === name)
    if (layer === undefined) return units
    units.push(layer.shape[0] ?? 0)
  }
}

/** The layer whose inputs are the flattened maps. */
const flattenedBy: Readonly<Record<LeNet, string>> = {
  lenet: 'source_encoder.fc',
  'lenet-bn': 'source_encoder.fc',
  'lenet-mlp': 'classifier.hidden1',
}

/** The smallest side with this many flattened values: 28 for 4x4 maps, which sides up to 31 also give. */
function sideOf(encoder: LeNet, values: number): number | undefined {
  const sides = Array.from({ length: maxSide + 1 }, (_, side) => side).slice(leastSide[encoder])
  return sides.find((side) => flattened(encoder, side) === values)
}

/**
 * Recognises the encoder: `mlp` by its first linear layer, the others by the names of their batch normalisation layers;
 * `lenet` has none.
 */
function encoderIn(tensors: readonly Pick<NamedTensor, 'name'>[]): ModelOptions['encoder'] {
  const holds = (layer: string) => tensors.some(({ name }) => name === `source_encoder.${layer}.weight`)
  if (holds('fc1')) return 'mlp'
  if (holds('bn')) return 'lenet-bn'
  return holds('bn1') ? 'lenet-mlp' : 'lenet'
}
