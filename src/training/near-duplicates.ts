/**
 * Samples that are nearly the same as labelled ones: copies saved anew, or frames of one film. Accuracy on them would be
 * accuracy on samples that training saw with labels.
 *
 * Two images are near-duplicates if the greyscale pictures of at most 16 x 16 pixels that they shrink to differ by at
 * most 2 % of the range from black to white (root of the mean square over the pixels). Saved as JPEG of quality 75, a
 * digit differs by 1 % from itself; no two of 20,000 digits of MNIST differ by less than 2 %. Vectors are near-duplicates
 * if they differ by at most 2 % of the deviation of the values (roots of means over the columns).
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Experiment } from '../contract/experiment'
import { freeing } from '../models/scope'
import type { Samples } from './samples'

const least = 0.02
const side = 16
/** Samples from which the deviation of vectors is computed. */
const mostForDeviation = 1000

const rangeOf = { unit: 1, symmetric: 2 }

/** Rows of descriptors, in which the root of the mean square difference is the distance: `[count, length]`. */
type Describe = (samples: tf.Tensor) => tf.Tensor2D

/** Grey pictures with values from 0 to 1, up to a constant. */
function describeImages(pixels: Experiment['model']['pixels']): Describe {
  return (samples) =>
    tf.tidy(() => {
      const grey = tf.div<tf.Tensor4D>(tf.mean(samples, 3, true), rangeOf[pixels])
      const window = Math.ceil(grey.shape[1] / side)
      const small = tf.avgPool(grey, window, window, 'same')
      return tf.reshape(small, [small.shape[0], -1])
    })
}

/** Vectors in units of their deviation. */
function describeVectors(samples: Samples): Describe {
  const deviation = freeing(() => {
    const count = Math.min(samples.count, mostForDeviation)
    const step = samples.count / count
    const rows = samples.rows(Int32Array.from({ length: count }, (_, row) => Math.floor(row * step)))
    return Math.sqrt(tf.mean(tf.moments(rows, 0).variance).dataSync<'float32'>()[0] ?? 0)
  })
  return (rows) => tf.tidy(() => tf.div<tf.Tensor2D>(rows, Math.max(deviation, Number.EPSILON)))
}

/**
 * Positions in `samples` of near-duplicates of the labelled samples, themselves included if they are there.
 * @param seen the samples among which the labelled ones are, at `labelled`
 */
export function nearDuplicates(
  samples: Samples,
  seen: Samples,
  labelled: Int32Array,
  { length, pixels }: Pick<Experiment['model'], 'length' | 'pixels'>,
): Int32Array {
  const describe = length === null ? describeImages(pixels) : describeVectors(seen)
  return freeing(() => {
    const known = describe(seen.rows(labelled))
    const found: number[] = []
    for (let start = 0; start < samples.count; start += samples.passSize) {
      const size = Math.min(samples.passSize, samples.count - start)
      const rows = Int32Array.from({ length: size }, (_, row) => start + row)
      const distances = freeing(() => nearestOf(describe(samples.rows(rows)), known))
      distances.forEach((distance, row) => {
        if (distance <= least) found.push(start + row)
      })
    }
    return Int32Array.from(found)
  })
}

/** The distance of each row to the nearest of the known ones. */
function nearestOf(all: tf.Tensor2D, allKnown: tf.Tensor2D): Float32Array {
  // |a - b|^2 = |a|^2 - 2 ab + |b|^2; rounding can make it negative. Of vectors far from zero, the squares would differ by
  // less than their rounding.
  const centre = tf.mean(allKnown, 0, true)
  const [rows, known] = [tf.sub<tf.Tensor2D>(all, centre), tf.sub<tf.Tensor2D>(allKnown, centre)]
  const squares = tf.add(
    tf.sub(tf.sum(tf.square(rows), 1, true), tf.mul(2, tf.matMul(rows, known, false, true))),
    tf.reshape(tf.sum(tf.square(known), 1), [1, -1]),
  )
  const mean = tf.div(tf.relu(tf.min(squares, 1)), rows.shape[1])
  return tf.sqrt(mean).dataSync<'float32'>()
}
