/**
 * Proxy A-distance (Ben-David et al. 2007, "Analysis of Representations for Domain Adaptation", section 4): 2 (1 - 2
 * err), where err is the error of a classifier that predicts the domain of held-out features. The classifier is a new
 * linear one, because the trained discriminator may have been fooled by the encoder.
 */
import * as tf from '@tensorflow/tfjs-core'
import { fastestSteps, eagerSteps } from '../graph/compiled-steps'
import { freeing } from '../models/scope'
import { createOptimiser, renew } from '../models/optimisers'
import type { EngineKind } from './steps'

const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const
const learningRate = 0.01
const updates = 150
/**
 * Updates in one call of the graph; a divisor of `updates`. With more, TensorFlow takes longer to optimise the graph
 * (120 ms for ten, 50 ms for three), and a measurement is no faster.
 */
const updatesAtOnce = 3

export interface DomainProbe {
  /**
   * Distance between samples `[source, length]` and `[target, length]`. The first half of each trains the probe, the
   * second half tests it. In [-2, 2]: about 0 if the domains cannot be told apart, 2 if they always can.
   */
  distance(source: tf.Tensor2D, target: tf.Tensor2D): number
  dispose(): void
}

/** Creates a probe for samples of these sizes. Each call of `distance` trains it from zero. */
export function createDomainProbe(
  source: number,
  target: number,
  length: number,
  engine: EngineKind = 'compiled',
): DomainProbe {
  const seen = { source: Math.ceil(source / 2), target: Math.ceil(target / 2) }
  const count = seen.source + seen.target
  // The last feature is 1, for the bias.
  const rows = variable([count, length + 1])
  /**
   * The product with a row is positive for the target. Stored as a row, which multiplies two to three times as fast.
   */
  const weights = variable([1, length + 1])
  const optimiser = createOptimiser(adam, [{ name: 'probe.weight', variable: weights }])

  function learn(): Record<string, tf.Tensor> {
    const isTarget = tf.concat([tf.zeros([seen.source, 1]), tf.ones([seen.target, 1])])
    for (let update = 0; update < updatesAtOnce; update++) {
      const surplus = tf.sub<tf.Tensor2D>(tf.sigmoid(products(rows, weights)), isTarget)
      const gradient = tf.div(tf.matMul(surplus, rows, true), count)
      optimiser.update(new Map([[weights, gradient]]), tf.scalar(learningRate))
    }
    return { weights: tf.clone(weights) }
  }

  const state = optimiser.state.map(({ variable }) => variable)
  const sources = {
    steps: { learn: { step: learn, inputs: {} } },
    variables: Object.fromEntries([rows, weights, ...state].map((one, index) => [`probe-${index}`, one])),
  }
  const steps = engine === 'compiled' ? fastestSteps(sources) : eagerSteps(sources)

  /** The weights after all updates. */
  function learned(): tf.Tensor2D {
    for (let done = 0; done < updates - updatesAtOnce; done += updatesAtOnce)
      tf.dispose(steps.run('learn', {}))
    return steps.run('learn', {}).weights as tf.Tensor2D
  }

  return {
    distance: (source, target) =>
      freeing(() => {
        const [sourceSeen, sourceHeldOut] = halves(source)
        const [targetSeen, targetHeldOut] = halves(target)
        const prepared = standardiser(tf.concat([sourceSeen, targetSeen]))
        rows.assign(tf.concat([prepared(sourceSeen), prepared(targetSeen)]))
        weights.assign(tf.zeros(weights.shape))
        renew(optimiser)
        steps.write()
        const found = learned()
        const sourceError = shareOf(tf.greater(products(prepared(sourceHeldOut), found), 0))
        const targetError = shareOf(tf.lessEqual(products(prepared(targetHeldOut), found), 0))
        return 2 * (1 - (sourceError + targetError))
      }),
    dispose() {
      steps.dispose()
      tf.dispose([rows, weights, ...state])
    },
  }
}

/** `[count, length]` and `[1, length]` to `[count, 1]`. */
function products(rows: tf.Tensor2D, weights: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(rows, weights, false, true)
}

/** A variable filled with zeros. */
function variable(shape: [number, number]): tf.Variable<tf.Rank.R2> {
  return tf.tidy(() => tf.variable(tf.zeros<tf.Rank.R2>(shape), false))
}

function halves(features: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D] {
  const [count] = features.shape
  const seen = Math.ceil(count / 2)
  return [tf.slice(features, [0, 0], [seen, -1]), tf.slice(features, [count - seen, 0], [seen, -1])]
}

/** Standardises features so that `features` have mean 0 and deviation 1, and appends a feature of ones. */
function standardiser(features: tf.Tensor2D): (x: tf.Tensor2D) => tf.Tensor2D {
  const { mean, variance } = tf.moments(features, 0)
  const deviation = tf.sqrt(tf.add(variance, 1e-8))
  return (x) => tf.concat([tf.div<tf.Tensor2D>(tf.sub(x, mean), deviation), tf.ones([x.shape[0], 1])], 1)
}

/** The share of conditions that are true. */
function shareOf(conditions: tf.Tensor): number {
  return tf.mean(tf.cast(conditions, 'float32')).dataSync()[0] ?? NaN
}
