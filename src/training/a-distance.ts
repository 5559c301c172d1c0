/**
 * Proxy A-distance (Ben-David et al. 2007, "Analysis of Representations for Domain Adaptation", section 4):
 * 2 (1 - 2 err), where err is how often a classifier is wrong about the domain of features it has not seen. The
 * classifier is a fresh linear one: a discriminator that training has fooled would be no probe.
 */
import * as tf from '@tensorflow/tfjs-core'
import { stream } from '../data/random'
import { sourceLabel, targetLabel } from '../models/discriminator'
import { gradients, recorded } from '../models/gradients'
import { allLabelled, crossEntropy } from '../models/losses'
import { createNetwork, disposeVariables, linear, linearLayer, type Network } from '../models/network'
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
    const scale = standardiser(tf.concat([sourceSeen, targetSeen]))
    const probe = trainedProbe(scale(sourceSeen), scale(targetSeen))
    const errors = [
      errorOf(probe, scale(sourceHeldOut), sourceLabel),
      errorOf(probe, scale(targetHeldOut), targetLabel),
    ]
    disposeVariables(probe.variables)
    const error = errors.reduce((total, one) => total + one / errors.length, 0)
    return 2 * (1 - 2 * error)
  })
}

function halves(features: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D] {
  const [count] = features.shape
  const seen = Math.ceil(count / 2)
  return [tf.slice(features, [0, 0], [seen, -1]), tf.slice(features, [count - seen, 0], [seen, -1])]
}

/** Shifts and scales each feature as it takes to give `features` mean 0 and deviation 1. */
function standardiser(features: tf.Tensor2D): (x: tf.Tensor2D) => tf.Tensor2D {
  const { mean, variance } = tf.moments(features, 0)
  const deviation = tf.sqrt(tf.add(variance, 1e-8))
  return (x) => tf.div(tf.sub(x, mean), deviation)
}

function trainedProbe(source: tf.Tensor2D, target: tf.Tensor2D): Network {
  const architecture = {
    layers: { fc: linearLayer(source.shape[1], 2) },
    forward: ({ fc }: { fc: Parameters<typeof linear>[1] }, x: tf.Tensor) => linear(x, fc),
  }
  const probe = createNetwork('probe', architecture, stream(0, 'probe'))
  const optimiser = createOptimiser(adam, probe.variables)
  const features = tf.concat([source, target])
  const domains = tf.concat([
    allLabelled(sourceLabel, source.shape[0]),
    allLabelled(targetLabel, target.shape[0]),
  ])
  const variables = probe.variables.map(({ variable }) => variable)
  for (let update = 0; update < updates; update++)
    tf.dispose(
      recorded(() => {
        const loss = crossEntropy(probe(features), domains)
        optimiser.update(gradients(loss, variables), tf.scalar(learningRate))
        return loss
      }),
    )
  disposeVariables(optimiser.state)
  return probe
}

function errorOf(probe: Network, features: tf.Tensor2D, domain: number): number {
  const wrong = tf.notEqual(tf.argMax(probe(features), 1), tf.scalar(domain, 'int32'))
  return tf.mean(tf.cast(wrong, 'float32')).dataSync()[0] ?? NaN
}
