/**
 * Chooses samples whose labels would help most, by BADGE (Ash et al. 2020, algorithm 1). A sample stands for the gradient
 * that its label would have in the classifier's last layer if the label were the predicted class: g = (p - y) h, an outer
 * product, with probabilities p, y one-hot of the prediction, and features h. It is long where the prediction is unsure,
 * and points elsewhere for another class or other features. Seeds of k-means++ in this space (Arthur and Vassilvitskii
 * 2007) are therefore unsure and unlike each other; fewer of them are the first of more.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Random } from '../data/random'
import { freeing } from '../models/scope'

export interface Candidates {
  /** `[count, length]` */
  readonly features: tf.Tensor2D
  /** `[count, classes]` */
  readonly probabilities: tf.Tensor2D
}

/** The first sample has the longest gradient; each further one is drawn by its squared distance to the nearest chosen. */
export function chooseProposals(candidates: Candidates, count: number, random: Random): number[] {
  const asked = Math.min(count, candidates.features.shape[0])
  return freeing(() => {
    const gradients = gradientsOf(candidates)
    const chosen = [indexOfLargest(gradients.squares)]
    let distances = gradients.distancesTo(chosen[0] ?? 0)
    while (chosen.length < asked) {
      const next = drawBy(distances, random) ?? firstBeside(chosen)
      chosen.push(next)
      const toNext = gradients.distancesTo(next)
      distances = distances.map((distance, row) => Math.min(distance, toNext[row] ?? 0))
    }
    return chosen.slice(0, asked)
  })
}

interface Gradients {
  /** `[count]`: |g|^2 */
  readonly squares: Float32Array
  /** `[count]`: |g - g_row|^2 */
  distancesTo(row: number): Float32Array
}

/** Products of outer products are products of their factors, so that no gradient is computed. */
function gradientsOf({ features, probabilities }: Candidates): Gradients {
  const guess = tf.oneHot(tf.argMax(probabilities, 1), probabilities.shape[1])
  const residual = tf.sub<tf.Tensor2D>(probabilities, guess)
  const norms = tf.mul(tf.sum(tf.square(residual), 1), tf.sum(tf.square(features), 1))
  const squares = norms.dataSync<'float32'>()
  const productsWith = (rows: tf.Tensor2D, row: number) =>
    tf.matMul(rows, tf.slice(rows, [row, 0], [1, -1]), false, true)
  return {
    squares,
    distancesTo(row) {
      const products = freeing(() =>
        tf.mul(productsWith(residual, row), productsWith(features, row)).dataSync<'float32'>(),
      )
      const own = squares[row] ?? 0
      return products.map((product, at) =>
        at === row ? 0 : Math.max(0, (squares[at] ?? 0) + own - 2 * product),
      )
    },
  }
}

function indexOfLargest(values: Float32Array): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? 0) ? index : best), 0)
}

/** An index, drawn in proportion to the weights; null if all are 0. */
function drawBy(weights: Float32Array, random: Random): number | null {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (total === 0) return null
  let rest = random.uniform() * total
  const drawn = weights.findIndex((weight) => {
    rest -= weight
    return rest < 0
  })
  return drawn < 0 ? indexOfLargest(weights) : drawn
}

/** All samples look alike: any other will do. */
function firstBeside(chosen: readonly number[]): number {
  const taken = new Set(chosen)
  let index = 0
  while (taken.has(index)) index += 1
  return index
}
