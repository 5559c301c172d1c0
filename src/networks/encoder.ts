/**
 * Declares an encoder with its classifier. Forward pass, shapes and layouts of tensors, recognition of checkpoints,
 * exports, forms and help follow from the declaration.
 */
import type { Layer } from './layer'

/** The settings of an experiment that a declaration may use (`model`). */
export interface EncoderOptions {
  /** Rows and columns of images. */
  readonly side: number
  readonly channels: 1 | 3
  /** Length of vectors; null: the samples are images. */
  readonly length: number | null
  readonly hidden: readonly number[]
  readonly batchNorm: boolean
  readonly dropout: number
}

/** Options of an encoder that belong to it alone. */
export type OwnOption = 'hidden' | 'batchNorm' | 'dropout'

export interface ClassifierOptions {
  /** Length of the features. */
  readonly features: number
  readonly classes: number
  /** Between encoder and classifier; a classifier with hidden layers may ignore it. */
  readonly activation: 'none' | 'relu'
}

/** The shape of a tensor of MS or C, in PyTorch's layout, by its name: "encoder.conv1.weight". */
export type ShapeOf = (tensor: string) => readonly number[] | undefined

/** A layer's name -> its names in the recipe's `.npy` files: all are read, the first is written. */
export type RecipeNames = Readonly<Record<string, readonly string[]>>

export interface Encoder<Id extends string = string> {
  readonly id: Id
  readonly title: string
  /** Which network it is and what it is for, in one sentence. */
  readonly about: { readonly en: string; readonly zh: string }
  readonly takes: { readonly kind: 'image'; readonly leastSide: number } | { readonly kind: 'vector' }
  /** Its settings in `model`; other encoders ignore them. */
  readonly settings: readonly OwnOption[]
  /** The encoder to try if this one does not learn: the same kind of network with batch normalisation. */
  readonly normalised?: string
  readonly layers: (options: EncoderOptions) => readonly Layer[]
  readonly classifier: (options: ClassifierOptions) => readonly Layer[]
  readonly recipe: { readonly encoder: RecipeNames; readonly classifier: RecipeNames }
  /**
   * The options in which a checkpoint of this encoder differs from the defaults, the side of images apart; null for a
   * checkpoint of another encoder.
   */
  readonly recognise: (shapeOf: ShapeOf) => Partial<Omit<EncoderOptions, 'side'>> | null
}

/** Keeps the literal types of id and samples. */
export function defineEncoder<const Id extends string, Takes extends Encoder['takes']>(
  encoder: Encoder<Id> & { readonly takes: Takes },
): Encoder<Id> & { readonly takes: Takes } {
  return encoder
}

/** The shape of the samples that the layers receive. */
export function sampleShape({ side, channels, length }: EncoderOptions): number[] {
  return length === null ? [side, side, channels] : [length]
}

/** Channels of the images that the first convolution takes. */
export function channelsIn(convolution: readonly number[] | undefined): 1 | 3 {
  return convolution?.[1] === 3 ? 3 : 1
}
