/** Which samples each encoder takes. */
import { encoderIds, encoderNamed, encodersOf, takesSamples } from '../networks/registry'
import { labError } from './errors'
import type { ModelOptions } from './experiment'
import { sampleSpec, shapeOf, type SampleOptions } from './sample'

type Choice = Pick<ModelOptions, 'encoder'>

/** The encoder that stays if it takes samples of this kind, or else the first that does, whatever their side. */
export function encoderFor(
  kind: 'image' | 'vector',
  chosen: ModelOptions['encoder'],
): ModelOptions['encoder'] {
  const fitting = encodersOf(kind)
  return fitting.includes(chosen) ? chosen : fitting[0]
}

/** The setting at fault when an encoder refuses samples: the side of images, or else the choice of the encoder. */
export function settingRefused({
  encoder,
  length,
}: Choice & Pick<ModelOptions, 'length'>): 'model.side' | 'model.encoder' {
  const isOfImages = encoderNamed(encoder).takes.kind === 'image'
  return isOfImages && length === null ? 'model.side' : 'model.encoder'
}

/** Throws `encoder-refuses-samples`, with both shapes without the batch, and an encoder that takes the samples. */
export function requireSamplesFor({ encoder, ...model }: SampleOptions & Choice): void {
  const given = sampleSpec(model)
  if (takesSamples(encoder, given)) return
  const { takes: samples } = encoderNamed(encoder)
  const takes = samples.kind === 'vector' ? '[length]' : `[side ≥ ${samples.leastSide}, side, 1 | 3]`
  const nearest = encoderIds.find((id) => takesSamples(id, given)) ?? ''
  throw labError('encoder-refuses-samples', {
    encoder,
    takes,
    given: `[${shapeOf(given).join(', ')}]`,
    nearest,
  })
}
