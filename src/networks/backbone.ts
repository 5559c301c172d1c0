/**
 * Declares a backbone: a network trained on other images, whose features an encoder is trained on. It sees each image
 * once, unless its last stages are trained too.
 */
import type { Layer } from './layer'

/** What a backbone's inputs are made of: values of an image from 0 to 255, in RGB. */
export interface Preprocessing {
  /** Rows and columns of its input. */
  readonly side: number
  /** The share of the shorter side that the square cut from the centre has. */
  readonly crop: number
  /** Subtracted from each channel, and what the difference is then divided by. */
  readonly mean: readonly [number, number, number]
  readonly deviation: readonly [number, number, number]
}

/** A part of a backbone that can be trained or frozen. */
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
