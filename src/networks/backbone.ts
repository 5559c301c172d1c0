/**
 * Declares a backbone: a network trained on other images, whose features an encoder is trained on. It is frozen and sees
 * each image once.
 */
import type { Layer } from './layer'

/** What a backbone's inputs are made of: values of an image from 0 to 255, in RGB. */
export interface Preprocessing {
  /** Subtracted from each channel, and what the difference is then divided by. */
  readonly mean: readonly [number, number, number]
  readonly deviation: readonly [number, number, number]
}

/** A part of a backbone, such as the blocks of one resolution. */
export interface Stage {
  readonly name: string
  readonly layers: readonly Layer[]
}

export interface Backbone {
  readonly id: string
  readonly title: string
  /** Its paper, and where its usual weights come from. */
  readonly about: { readonly en: string; readonly zh: string }
  readonly preprocessing: Preprocessing
  /** In order; the last one ends with the features. */
  readonly stages: readonly Stage[]
  /** Length of the features. */
  readonly features: number
  /** Tensors of a file of it that its features do not need, by the beginnings of their names: its own classifier. */
  readonly unused: readonly string[]
  /** The digest of the weights that set-up fetches; null: the user brings them. */
  readonly weights: string | null
}
