/** Which samples each encoder takes, and the side of the maps that the LeNets flatten. */
import { labError } from './errors'
import type { ModelOptions } from './experiment'
import { sampleSpec, shapeOf, type SampleOptions, type SampleSpec } from './sample'

export type LeNet = Exclude<ModelOptions['encoder'], 'mlp'>

/** The smallest side that leaves one pixel after both convolutions and poolings. */
export const leastSide: Readonly<Record<LeNet, number>> = { lenet: 16, 'lenet-bn': 16, 'lenet-mlp': 16 }

/** Side of the maps after two 5x5 convolutions without padding, each followed by 2x2 pooling: 28 becomes 4. */
export function mapSide(side: number): number {
  const pooled = (length: number) => Math.floor((length - 4) / 2)
  return pooled(pooled(side))
}

/** The setting at fault when an encoder refuses samples: the side of images, or else the choice of the encoder. */
export function settingRefused({
  encoder,
  length,
}: Pick<ModelOptions, 'encoder' | 'length'>): 'model.side' | 'model.encoder' {
  return encoder !== 'mlp' && length === null ? 'model.side' : 'model.encoder'
}

/** Throws `encoder-refuses-samples`, with both shapes without the batch, and an encoder that takes the samples. */
export function requireSamplesFor({
  encoder,
  ...model
}: SampleOptions & Pick<ModelOptions, 'encoder'>): void {
  const given = sampleSpec(model)
  const fits =
    encoder === 'mlp' ? given.kind === 'vector' : given.kind === 'image' && given.side >= leastSide[encoder]
  if (fits) return
  const takes = encoder === 'mlp' ? '[length]' : `[side ≥ ${leastSide[encoder]}, side, 1 | 3]`
  const shape = `[${shapeOf(given).join(', ')}]`
  throw labError('encoder-refuses-samples', { encoder, takes, given: shape, nearest: suited(given) })
}

/** An encoder that takes these samples; '' for images that are too small for every one. */
function suited(given: SampleSpec): ModelOptions['encoder'] | '' {
  if (given.kind === 'vector') return 'mlp'
  return given.side >= leastSide.lenet ? 'lenet' : ''
}
