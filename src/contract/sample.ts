/** The kind and shape of an experiment's samples; both follow from `model` alone. */
import type { ModelOptions } from './experiment'

export type SampleSpec =
  | { readonly kind: 'image'; readonly side: number; readonly channels: 1 | 3 }
  | { readonly kind: 'vector'; readonly length: number }

export type ImageSpec = Extract<SampleSpec, { kind: 'image' }>

/** The model options that determine the samples. */
export type SampleOptions = Pick<ModelOptions, 'side' | 'channels' | 'length'>

export function sampleSpec({ side, channels, length }: SampleOptions): SampleSpec {
  return length === null ? { kind: 'image', side, channels } : { kind: 'vector', length }
}

/** The shape of one sample as networks receive it, without the batch: `[side, side, channels]` or `[length]`. */
export function shapeOf(spec: SampleSpec): number[] {
  return spec.kind === 'image' ? [spec.side, spec.side, spec.channels] : [spec.length]
}

/** The length of an experiment's samples if they are vectors; null for images, whatever the encoder takes of them. */
export function vectorLength({
  length,
  backbone,
}: Pick<ModelOptions, 'length'> & { readonly backbone: object | null }): number | null {
  return backbone === null ? length : null
}
