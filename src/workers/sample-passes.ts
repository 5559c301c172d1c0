/**
 * The samples that are predicted, in passes of a fixed size, so that a prediction does not depend on where a call
 * begins.
 */
import type * as tf from '@tensorflow/tfjs-core'
import type { ErrorCode } from '../contract/errors'
import type { Note } from '../contract/note'

export interface SamplePass {
  /** Index of the first sample. */
  readonly start: number
  readonly count: number
  /** The samples as the networks take them, `[count, ...]`; zeros for a sample that could not be decoded. */
  rows(): tf.Tensor
  /** By position in the pass: why a sample could not be decoded. */
  readonly errors: ReadonlyMap<number, ErrorCode>
}

export interface PredictedSamples {
  readonly count: number
  readonly passSize: number
  /** The user's path of a sample, relative to what was named; the number of its row in arrays. */
  nameOf(index: number): string | number
  /** The file of a sample; null if it is not known. */
  fileOf(index: number): string | null
  /** The folder in which the files lie; null if it is not known. */
  readonly folder: string | null
  readonly areFiles: boolean
  readonly mayFail: boolean
  readonly notes: readonly Note[]
  /** Passes from the one that holds the sample at this index. */
  passes(from: number): AsyncGenerator<SamplePass>
  dispose(): void
}
