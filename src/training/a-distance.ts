/**
 * Proxy A-distance (Ben-David et al. 2007, "Analysis of Representations for Domain Adaptation", section 4):
 * 2 (1 - 2 err), where err is how often a classifier is wrong about the domain of features it has not seen. The
 * classifier is a fresh linear one: a discriminator that training has fooled would be no probe.
 */
import * as tf from '@tensorflow/tfjs-core'
import { createOptimiser } from '../models/optimisers'

const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const
const learningRate = 0.01
const updates = 150

/**
 * Of samples `[n, length]` and `[m, length]`, the first halves train the probe and the second halves test it.
 * In [-2, 2]; about 0 where the domains cannot be told apart, 2 where they always can.
 */
export function proxyADistance(source: tf.Tensor2D, target: tf.Tensor2D): number {
  return tf.tidy(() => {
    const [sourceSeen, sourceHeldOut] = halves(source)
    const [targetSeen, targetHeldOut] = halves(target)
    const prepared = standardiser(tf.concat([sourceSeen, targetSeen]))
    const weights = logisticRegression(prepared(sourceSeen), prepared(targetSeen))
    const sourceError = shareOf(tf.greater(tf.matMul(prepared(sourceHeldOut), weights), 0))
    const targetError = shareOf(tf.lessEqual(tf.matMul(prepared(targetHeldOut), weights), 0))
    const error = (sourceError + targetError) / 2
    return 2 * (1 - 2 * error)
  })
}

function halves(features: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D] {
  const [count] = features.shape
  const seen = Math.ceil(count / 2)
  return [tf.slice(features, [0, 0], [seen, -1]), tf.slice(features, [count - seen, 0], [seen, -1])]
}

/** Gives each feature the scale at which `features` have mean 0 and deviation 1, and adds a feature of ones. */
function standardiser(features: tf.Tensor2D): (x: tf.Tensor2D) => tf.Tensor2D {
  const { mean, variance } = tf.moments(features, 0)
  const deviation = tf.sqrt(tf.add(variance, 1e-8))
  return (x) => tf.concat([tf.div<tf.Tensor2D>(tf.sub(x, mean), deviation), tf.ones([x.shape[0], 1])], 1)
}

/** Weights `[length, 1]` whose product with a feature vector is positive for the target; a linear classifier. */
function logisticRegression(source: tf.Tensor2D, target: tf.Tensor2D): tf.Tensor2D {
  const x = tf.concat([source, target])
  const [count, length] = x.shape
  const isTarget = tf.concat([tf.zeros<tf.Rank.R2>([source.shape[0], 1]), tf.ones([target.shape[0], 1])])
  const weights = tf.variable(tf.zeros<tf.Rank.R2>([length, 1]))
  const { update, state } = createOptimiser(adam, [{ name: 'probe.weight', variable: weights }])
  for (let step = 0; step < updates; step++)
    tf.tidy(() => {
      const surplus = tf.sub<tf.Tensor2D>(tf.sigmoid(tf.matMul(x, weights)), isTarget)
      const gradient = tf.div(tf.matMul(x, surplus, true), count)
      update(new Map([[weights, gradient]]), tf.scalar(learningRate))
    })
  const found = tf.clone<tf.Tensor2D>(weights)
  for (const { variable } of state) variable.dispose()
  weights.dispose()
  return found
}

/** How many of these are true. */
function shareOf(conditions: tf.Tensor): number {
  return tf.mean(tf.cast(conditions, 'float32')).dataSync()[0] ?? NaN
}
