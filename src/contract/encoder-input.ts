/** What a backbone takes and gives. */
import { backboneNamed } from '../networks/backbones/registry'
import { labError } from './errors'
import type { BackboneChoice, ModelDraft } from './experiment'

/** Smaller images would leave a backbone less than one pixel of its last maps. */
export const leastBackboneSide = 32

const takes = `[side ≥ ${leastBackboneSide}, side, 3]`

/**
 * The length of the vectors that the encoder takes: those of the samples, or the features of the backbone; null: it
 * takes the images.
 * @param length of the samples if they are vectors; null: they are images
 * @throws `encoder-refuses-samples`
 */
export function encodedLength(
  backbone: Pick<BackboneChoice, 'network'> | null,
  length: number | null,
): number | null {
  if (backbone === null) return length
  if (length !== null) throw refusal(backbone.network, `[${length}]`)
  return backboneNamed(backbone.network).features
}

/** @throws `encoder-refuses-samples`, `backbone-not-by-column` */
export function requireBackboneTakes({
  backbone,
  side,
  channels,
  vectors,
}: Pick<ModelDraft, 'backbone' | 'side' | 'channels' | 'vectors'>): void {
  if (backbone === null) return
  const { network } = backbone
  if (side < leastBackboneSide || channels !== 3) throw refusal(network, `[${side}, ${side}, ${channels}]`)
  if (vectors === 'z-score') throw labError('backbone-not-by-column', { network })
}

function refusal(network: string, given: string) {
  return labError('encoder-refuses-samples', { encoder: network, takes, given, nearest: '' })
}
