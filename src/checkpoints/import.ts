/** Imports weights from a safetensors file or from the recipe's `.npy` files. */
import { promises as fs } from 'fs'
import { extname } from 'path'
import { labError } from '../contract/errors'
import type { CheckpointFacts } from '../contract/record'
import { checkTensors, inspectCheckpoint, type Checkpoint } from './checkpoint'
import { fileError } from '../files/file-error'
import { readRecipe } from './recipe'
import type { AddedNetwork } from '../networks/added'
import { holdsNetwork, recognise, type Recognised } from './recognise'
import type { NamedTensor } from './safetensors'
import { baseNetworks, shapesOf } from './shapes'
import { requireUsable } from './usable-weights'

/** Every network that was recognised is complete. */
export interface ImportedWeights extends Recognised, Pick<Checkpoint, 'origin' | 'passedOver' | 'removed'> {
  /** In our names and PyTorch's layout. */
  readonly tensors: readonly NamedTensor[]
  /** The metadata of a checkpoint of the lab; null for all other files. */
  readonly facts: CheckpointFacts | null
}

/**
 * Reads a `.safetensors` file, a folder of the recipe's `.npy` files, or one of those files. At least the source
 * encoder and the classifier must be present.
 * @throws `file-not-found`, `unknown-format`, `checkpoint-not-ours`, `checkpoint-missing-tensor`,
 * `checkpoint-wrong-shape`, and what `inspectCheckpoint`, `readRecipe` and `requireUsable` throw
 */
export async function importWeights(
  path: string,
  added: readonly AddedNetwork[] = [],
): Promise<ImportedWeights> {
  const { facts, origin, tensors, passedOver, removed } = await readWeights(path, added)
  if (origin === 'foreign' && !baseNetworks.some((network) => holdsNetwork(tensors, network)))
    throw labError('checkpoint-not-ours', { file: path })
  requireUsable(tensors, path, added)
  return { facts, origin, tensors, passedOver, removed, ...recogniseNetworks(tensors, path, added) }
}

async function readWeights(
  path: string,
  added: readonly AddedNetwork[],
): Promise<Omit<ImportedWeights, keyof Recognised>> {
  const stat = await fs.stat(path).catch((problem: unknown) => {
    throw fileError(problem, path)
  })
  const ending = extname(path).toLowerCase()
  if (!stat.isDirectory() && ending === '.safetensors') return inspectCheckpoint(path, added)
  if (stat.isDirectory() || ending === '.npy') {
    return {
      facts: null,
      origin: 'foreign',
      tensors: await readRecipe(path),
      passedOver: [],
      removed: [],
    }
  }
  throw labError('unknown-format', { file: path })
}

/**
 * Recognises the networks that tensors hold, and checks that each is complete.
 * @throws `checkpoint-missing-tensor`, `checkpoint-wrong-shape`
 */
export function recogniseNetworks(
  tensors: readonly NamedTensor[],
  file: string,
  added: readonly AddedNetwork[] = [],
): Recognised {
  const recognised = recognise(tensors, added)
  const { networks, model, classes } = recognised
  for (const network of networks) checkTensors(tensors, shapesOf(network, model, classes), file)
  return recognised
}
