/** Reads the weights of a backbone from a file that the user brings, and writes them in the form in which they are kept. */
import { labError } from '../contract/errors'
import type { Backbone } from '../networks/backbone'
import { backboneDigest, inCanonicalOrder } from './backbone-digest'
import { prefixesIn } from './foreign'
import { recogniseBackbone } from './recognise-backbone'
import { encodeSafetensors, type NamedTensor, type StoredTensor } from './safetensors'
import { requireFinite, requireVariances } from './usable-weights'
import { withWeights } from './weights-file'

export interface BroughtWeights {
  readonly backbone: Backbone
  readonly digest: string
  /** Under their declared names, in canonical order. */
  readonly tensors: readonly NamedTensor[]
  /** Names in the file of the tensors that the features do not need. */
  readonly passedOver: readonly string[]
  /** The wrappers' names that were removed from the names of tensors. */
  readonly removed: readonly string[]
  /** Types other than F32 from which values were converted. */
  readonly converted: readonly string[]
  /** The name under which the file holds the weights beside other things; null: it holds them alone. */
  readonly within: string | null
}

/**
 * @param wanted the backbone that the weights must be of; null: any
 * @throws `backbone-other-network`, `tensor-not-finite`, `tensor-negative-variance`, and what `withWeights`,
 * `recogniseBackbone` and reading values throw
 */
export function bringBackbone(
  path: string,
  backbones: readonly Backbone[],
  wanted: Backbone | null,
): Promise<BroughtWeights> {
  return withWeights(path, async ({ entries, within, read }) => {
    const { backbone, needed, passedOver } = recogniseBackbone(entries, backbones, path)
    if (wanted !== null && wanted.id !== backbone.id)
      throw labError('backbone-other-network', { file: path, found: backbone.title, expected: wanted.title })
    const tensors: StoredTensor[] = []
    for (const { name, entry } of inCanonicalOrder(needed)) tensors.push({ ...(await read(entry)), name })
    requireFinite(tensors, path)
    requireVariances(tensors, path)
    const types = new Set(tensors.map(({ dtype }) => dtype))
    return {
      backbone,
      digest: backboneDigest(tensors),
      tensors,
      passedOver,
      removed: prefixesIn(needed.map(({ entry }) => entry.name)),
      converted: [...types].filter((dtype) => dtype !== 'F32').sort(),
      within,
    }
  })
}

/** Equal weights give equal bytes. */
export function encodeBackbone({
  backbone,
  tensors,
}: Pick<BroughtWeights, 'backbone' | 'tensors'>): Uint8Array {
  return encodeSafetensors(inCanonicalOrder(tensors), { format: 'pt', [backboneKey]: backbone.id })
}

/** Under this name the metadata of a kept file has the id of its backbone. */
export const backboneKey = 'backbone'
