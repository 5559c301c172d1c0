/** All encoders of the lab, in display order. The first that takes an experiment's samples is offered for them. */
import { valuesAfter } from './build'
import { sampleShape, type Encoder, type EncoderOptions } from './encoder'
import type { Layer } from './layer'
import { convnet32 } from './convnet-32'
import { lenet } from './lenet'
import { lenetBn } from './lenet-bn'
import { lenetMlp } from './lenet-mlp'
import { mlp } from './mlp'

export const encoders = [lenet, lenetBn, lenetMlp, convnet32, mlp] as const

export type EncoderId = (typeof encoders)[number]['id']

export const encoderIds = encoders.map(({ id }) => id) as [EncoderId, ...EncoderId[]]

export function encoderNamed(id: EncoderId): Encoder<EncoderId> {
  const encoder = encoders.find((one) => one.id === id)
  if (encoder === undefined) throw new Error(`no encoder ${id}`)
  return encoder
}

/** The networks that every experiment has, MS and MT alike. */
export interface BaseLayers {
  readonly encoder: readonly Layer[]
  readonly classifier: readonly Layer[]
  /** Length of the features. */
  readonly features: number
}

export interface NetworkOptions extends EncoderOptions {
  readonly encoder: EncoderId
  readonly classifierActivation: 'none' | 'relu'
}

export function baseLayers(
  { encoder: id, classifierActivation, ...options }: NetworkOptions,
  classes: number,
): BaseLayers {
  const declared = encoderNamed(id)
  const encoder = declared.layers(options)
  const features = valuesAfter(encoder, sampleShape(options))
  const classifier = declared.classifier({ features, classes, activation: classifierActivation })
  return { encoder, classifier, features }
}

type Samples = { readonly kind: 'vector' } | { readonly kind: 'image'; readonly side: number }

export function takesSamples(id: EncoderId, samples: Samples): boolean {
  const { takes } = encoderNamed(id)
  if (takes.kind === 'vector' || samples.kind === 'vector') return takes.kind === samples.kind
  return samples.side >= takes.leastSide
}

/** Encoders of the kind of samples, whatever their side. */
export function encodersOf(kind: Samples['kind']): [EncoderId, ...EncoderId[]] {
  const ids = encoderIds.filter((id) => encoderNamed(id).takes.kind === kind)
  return ids as [EncoderId, ...EncoderId[]]
}
