/** Imports weights from a safetensors file or from the recipe's `.npy` files. */
import { promises as fs } from 'fs'
import { extname } from 'path'
import { labError } from '../contract/errors'
import type { ModelOptions } from '../contract/experiment'
import type { CheckpointFacts } from '../contract/record'
import { checkTensors, inspectCheckpoint, type Checkpoint } from './checkpoint'
import { fileError } from '../files/file-error'
import { readRecipe } from './recipe'
import type { NamedTensor } from './safetensors'
import { networkIds, shapesOf, type NetworkId } from './shapes'
import { requireUsable } from './usable-weights'

export interface ImportedWeights {
  /** In our names and PyTorch's layout; every network present is complete. */
  readonly tensors: readonly NamedTensor[]
  readonly networks: readonly NetworkId[]
  readonly classes: number
  readonly channels: 1 | 3
  readonly encoder: ModelOptions['encoder']
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
 * Finds which networks a set of tensors holds, the encoder, and the numbers of classes and channels.
 * @throws `checkpoint-missing-tensor`, `checkpoint-wrong-shape`
 */
export function recogniseNetworks(
  tensors: readonly NamedTensor[],
  file: string,
): Pick<ImportedWeights, 'networks' | 'classes' | 'channels' | 'encoder'> {
  const lengthOf = (name: string, axis: number) => tensors.find((tensor) => tensor.name === name)?.shape[axis]
  const classes = lengthOf('classifier.fc.weight', 0) ?? 0
  const channels = lengthOf('source_encoder.conv1.weight', 1) === 3 ? 3 : 1
  const encoder = encoderIn(tensors)
  const isThere = (network: NetworkId) => tensors.some(({ name }) => name.startsWith(`${network}.`))
  const isNeeded = (network: NetworkId) => network === 'source_encoder' || network === 'classifier'
  const networks = networkIds.filter((network) => isNeeded(network) || isThere(network))
  for (const network of networks)
    checkTensors(tensors, shapesOf(network, { encoder, channels }, classes), file)
  return { networks, classes, channels, encoder }
}

/** Recognises the encoder by the names of its batch normalisation layers; `lenet` has none. */
export function encoderIn(tensors: readonly Pick<NamedTensor, 'name'>[]): ModelOptions['encoder'] {
  const holds = (layer: string) => tensors.some(({ name }) => name === `source_encoder.${layer}.weight`)
  if (holds('bn')) return 'lenet-bn'
  return holds('bn1') ? 'lenet-mlp' : 'lenet'
}
