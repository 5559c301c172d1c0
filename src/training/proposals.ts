/**
 * Proposes samples whose labels would help most. (three ways under trial)
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Random } from '../data/random'

interface Candidates {
  /** `[count, length]` */
  readonly features: tf.Tensor2D
  /** `[count, classes]` */
  readonly probabilities: tf.Tensor2D
}

/** Positions drawn in proportion to the weights. */
function drawBy(weights: Float32Array, random: Random): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let rest = random.uniform() * total
  for (let i = 0; i < weights.length; i++) {
    rest -= weights[i] ?? 0
    if (rest < 0) return i
  }
  return weights.lastIndexOf(Math.max(...weights))
}

export function badge({ features, probabilities }: Candidates, count: number, random: Random): number[] {
  return tf.tidy(() => {
    const classes = probabilities.shape[1]
    const guess = tf.oneHot(tf.argMax(probabilities, 1), classes)
    const residual = tf.sub(probabilities, guess) as tf.Tensor2D
    const norms = tf.mul(tf.sum(tf.square(residual), 1), tf.sum(tf.square(features), 1))
    const chosen: number[] = []
    let nearest: Float32Array = norms.dataSync<'float32'>().slice()
    const all = norms.dataSync<'float32'>()
    let next = nearest.indexOf(nearest.reduce((a, b) => Math.max(a, b), -Infinity))
    for (;;) {
      chosen.push(next)
      if (chosen.length === count) return chosen
      const dots = tf.tidy(() =>
        tf
          .mul(
            tf.matMul(residual, tf.slice(residual, [next, 0], [1, -1]), false, true),
            tf.matMul(features, tf.slice(features, [next, 0], [1, -1]), false, true),
          )
          .dataSync<'float32'>(),
      )
      nearest = nearest.map((old, i) => {
        const distance = Math.max(0, (all[i] ?? 0) + (all[next] ?? 0) - 2 * (dots[i] ?? 0))
        return chosen.length === 1 ? distance : Math.min(old, distance)
      })
      for (const one of chosen) nearest[one] = 0
      next = drawBy(nearest, random)
    }
  })
}

/** squared distances [rows, centres] */
function squared(rows: tf.Tensor2D, centres: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() =>
    tf.relu(
      tf.add(
        tf.sub(tf.sum(tf.square(rows), 1, true), tf.mul(2, tf.matMul(rows, centres, false, true))),
        tf.reshape(tf.sum(tf.square(centres), 1), [1, -1]),
      ),
    ),
  ) as tf.Tensor2D
}

export function clue(
  { features, probabilities }: Candidates,
  count: number,
  random: Random,
  starts = 1,
): number[] {
  return tf.tidy(() => {
    const entropy = tf
      .neg(tf.sum(tf.mul(probabilities, tf.log(tf.add(probabilities, 1e-12))), 1))
      .dataSync<'float32'>()
      .map((h) => Math.max(h, 1e-9))
    const weights = tf.tensor2d(entropy, [entropy.length, 1])
    let best: { cost: number; centres: tf.Tensor2D } | null = null
    for (let start = 0; start < starts; start++) {
      // k-means++ by weight
      const first = drawBy(entropy, random)
      const seeds = [first]
      let near = squared(features, tf.gather(features, tf.tensor1d([first], 'int32')) as tf.Tensor2D)
        .dataSync<'float32'>()
        .slice()
      while (seeds.length < count) {
        const next = drawBy(
          near.map((d, i) => d * (entropy[i] ?? 0)),
          random,
        )
        seeds.push(next)
        const d = squared(
          features,
          tf.gather(features, tf.tensor1d([next], 'int32')) as tf.Tensor2D,
        ).dataSync<'float32'>()
        near = near.map((old, i) => Math.min(old, d[i] ?? 0))
      }
      let centres = tf.gather(features, tf.tensor1d(seeds, 'int32')) as tf.Tensor2D
      let before = Infinity
      for (let turn = 0; turn < 100; turn++) {
        const d = squared(features, centres)
        const cost = tf.sum(tf.mul(tf.min(d, 1, true), weights)).dataSync()[0] ?? 0
        const member = tf.oneHot(tf.argMin(d, 1), count)
        const w = tf.mul(member, weights) as tf.Tensor2D
        const mass = tf.sum(w, 0).reshape([count, 1])
        const moved = tf.div(tf.matMul(w, features, true), tf.maximum(mass, 1e-12)) as tf.Tensor2D
        centres = tf.where(tf.greater(mass, 1e-9), moved, centres) as tf.Tensor2D
        if (before - cost < 1e-4 * before) break
        before = cost
      }
      if (best === null || before < best.cost) best = { cost: before, centres }
    }
    if (best === null) return []
    const d = squared(features, best.centres)
    const values = d.arraySync()
    const order = Array.from({ length: count }, (_, c) => c)
    const taken = new Set<number>()
    for (const c of order) {
      let at = -1
      values.forEach((row, i) => {
        if (!taken.has(i) && (at < 0 || (row[c] ?? 0) < (values[at]?.[c] ?? 0))) at = i
      })
      taken.add(at)
    }
    return [...taken]
  })
}

export function margin({ probabilities }: Candidates, count: number): number[] {
  const { values, indices } = tf.topk(probabilities, 2)
  const top = values.arraySync() as number[][]
  values.dispose()
  indices.dispose()
  const gap = top.map(([a = 0, b = 0]) => a - b)
  return gap
    .map((_, i) => i)
    .sort((a, b) => (gap[a] ?? 0) - (gap[b] ?? 0))
    .slice(0, count)
}
