/** Applies the networks to a domain's images: classes, probabilities, D's verdicts, and features of the sample. */
import * as tf from '@tensorflow/tfjs-core'
import { sourceLabel } from '../models/discriminator'
import type { Network } from '../models/network'
import { freeing } from '../models/scope'
import { classesIn, inPasses, passesOver } from './evaluate'
import type { Probabilities } from './label-free'

/** The results for the images read. The sample comes first, and all columns have the same order. */
export interface Reading {
  /** Indices into the domain's images. */
  readonly indices: Int32Array
  readonly trueLabels: Int32Array
  /** The source's classes. */
  readonly predictions: Int32Array
  readonly probabilities: Probabilities
  /** D's p(source); null without a D. */
  readonly verdicts: Float32Array | null
  /** Features of the sample only, `[sample, length]`: all features would take 20 MB. */
  readonly features: tf.Tensor2D
}

export interface Reader {
  readonly all: () => Reading
  readonly sample: () => Reading
}

export interface ReaderOptions {
  readonly trueLabels: Int32Array
  /** Indices of the images that are read in every round. */
  readonly sample: Int32Array
  /** The features of the images with these indices. */
  readonly encode: (indices: Int32Array) => tf.Tensor2D
  /** Number of images that `encode` takes at once. */
  readonly passSize: number
  readonly classifier: Network
  readonly discriminate: ((features: tf.Tensor2D) => tf.Tensor2D) | null
}

/** Each image passes through the encoder once. The caller frees the features. Reading throws `output-not-finite`. */
export function createReader({
  trueLabels,
  sample,
  encode,
  passSize,
  classifier,
  discriminate,
}: ReaderOptions): Reader {
  const sampled = new Set(sample)
  const others = Int32Array.from(trueLabels.keys()).filter((index) => !sampled.has(index))

  /** C's logits, followed by D's two logits if there is a D. */
  function logitsOf(features: tf.Tensor2D): tf.Tensor2D {
    return tf.concat<tf.Tensor2D>(
      [classifier(features), ...(discriminate ? [discriminate(features)] : [])],
      1,
    )
  }

  function read(rest: Int32Array): Reading {
    const features = passesOver(sample, passSize, encode)
    const indices = Int32Array.of(...sample, ...rest)
    return {
      ...freeing(() => columnsOf(features, rest)),
      indices,
      trueLabels: pick(trueLabels, indices),
      features,
    }
  }

  function columnsOf(features: tf.Tensor2D, rest: Int32Array) {
    const ofSample = inPasses(logitsOf, features)
    const ofRest = (indices: Int32Array) => logitsOf(encode(indices))
    const logits = rest.length === 0 ? ofSample : tf.concat([ofSample, passesOver(rest, passSize, ofRest)])
    const classes = logits.shape[1] - (discriminate ? 2 : 0)
    const ofC = tf.slice(logits, [0, 0], [-1, classes])
    return {
      predictions: classesIn(ofC, classifier.id),
      probabilities: { values: tf.softmax(ofC).dataSync<'float32'>(), classes },
      verdicts: discriminate && probabilityOfSource(tf.slice(logits, [0, classes], [-1, -1])),
    }
  }

  return { all: () => read(others), sample: () => read(new Int32Array(0)) }
}

function probabilityOfSource(logits: tf.Tensor2D): Float32Array {
  return tf.slice(tf.softmax(logits), [0, sourceLabel], [-1, 1]).dataSync<'float32'>()
}

export function pick(column: Int32Array, indices: Int32Array): Int32Array {
  return Int32Array.from(indices, (index) => column[index] ?? -1)
}
