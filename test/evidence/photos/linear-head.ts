/**
 * The reference of a linear head: multinomial logistic regression on the source's features, with L2 regularisation, by
 * gradient descent until it hardly changes. It has no random part.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { ExperimentSamples } from '../../../src/data/experiment-samples'

const steps = 500
const learningRate = 0.5
const decay = 1e-3

/** The accuracy of the head on the target's labelled samples. */
export function linearHeadAccuracy(
  { source, target }: ExperimentSamples,
  pairing: readonly number[],
): number {
  if (!('length' in source) || !('length' in target)) throw new Error('a linear head takes features')
  const { length } = source
  return tf.tidy(() => {
    const scale = 1 / Math.sqrt(length)
    const x = tf.mul(tf.tensor2d(source.pixels, [source.count, length]), scale)
    const classes = Math.max(...source.labels) + 1
    const y = tf.oneHot(tf.tensor1d(source.labels, 'int32'), classes)
    let weights: tf.Tensor2D = tf.zeros([length, classes])
    for (let step = 0; step < steps; step++) {
      const next = tf.tidy(() => {
        const slope = tf.matMul<tf.Tensor2D>(
          x,
          tf.sub(tf.softmax(tf.mul(tf.matMul(x, weights), 10)), y),
          true,
        )
        const mean = tf.div(slope, source.count / 10)
        return tf.sub<tf.Tensor2D>(weights, tf.mul(tf.add(mean, tf.mul(weights, decay)), learningRate))
      })
      weights.dispose()
      weights = next
    }
    const targets = tf.mul<tf.Tensor2D>(tf.tensor2d(target.pixels, [target.count, length]), scale)
    const predicted = tf.argMax(tf.matMul(targets, weights), 1).dataSync()
    const right = target.labels.filter((label, at) => pairing[label] === predicted[at])
    return right.length / target.count
  })
}
