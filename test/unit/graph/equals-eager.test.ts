/**
 * With the lab's networks, losses and optimisers, compiled steps give the same result as the same number of eager
 * steps.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Scalar, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import type { Optimiser } from '../../../src/contract/experiment'
import { stream } from '../../../src/data/random'
import type { Step } from '../../../src/graph/compiled-steps'
import { architecturesOf } from '../../../src/models/architectures'
import { gradients, recorded } from '../../../src/models/gradients'
import { allLabelled, crossEntropy } from '../../../src/models/losses'
import type { NamedVariable, Network } from '../../../src/models/network'
import { copyWeights, createNetwork } from '../../../src/models/network'
import { layersOfAdded } from '../../../src/networks/added'
import { createOptimiser } from '../../../src/models/optimisers'
import { loadTensorFlow } from '../../../src/workers/native'
import { declaredD } from '../../fixtures/declared'
import { modelOf } from '../../fixtures/model'
import { isLong } from '../../long'
import type { Trial } from './steps'
import { bothWays } from './steps'

const base = architecturesOf(modelOf('lenet'), 2)
const { encoder, classifier } = base
const batch = 16
const count = 64
/** `npm run long` compares 100. */
const times = isLong ? 100 : 10

beforeAll(async () => {
  await loadTensorFlow(1)
})

function pixels(key: string): Tensor {
  const random = stream(7, key)
  return tf.tensor(
    Float32Array.from({ length: count * 784 }, () => random.uniform()),
    [count, 28, 28, 1],
  )
}

function named(...variables: readonly (readonly NamedVariable[])[]) {
  return Object.fromEntries(variables.flat().map(({ name, variable }) => [name, variable]))
}

/** One gradient step of a network on `loss`. */
function learner(settings: Optimiser, network: Network) {
  const optimiser = createOptimiser(settings, network.variables)
  const variables = network.variables.map(({ variable }) => variable)
  const learn = (loss: Scalar, rate: Tensor): void =>
    optimiser.update(gradients(loss, variables), rate as Scalar)
  return { learn, state: optimiser.state }
}

const gather = (images: Tensor, indices: Tensor | undefined) =>
  tf.gather(images, indices as Tensor1D) as Tensor4D

/** Losses are compared by relative difference, weights by absolute difference. */
function expectEqual(compiled: Trial, eager: Trial, relative: number, absolute: number): void {
  expect(compiled.outputs).toHaveLength(times)
  eager.outputs.forEach((losses, k) => {
    for (const [term, [value = NaN]] of Object.entries(losses)) {
      const found = compiled.outputs[k]?.[term]?.[0] ?? NaN
      expect(Math.abs(found - value) / Math.abs(value), `${term}, step ${k}`).toBeLessThan(relative)
    }
  })
  for (const [name, values] of Object.entries(eager.variables)) {
    const found = compiled.variables[name] ?? []
    const distance = values.reduce((most, value, k) => Math.max(most, Math.abs(value - (found[k] ?? NaN))), 0)
    expect(distance, name).toBeLessThan(absolute)
  }
}

const sgd: Optimiser = { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 }
const momentum: Optimiser = { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 1e-3 }
const adam: Optimiser = { kind: 'adam', beta1: 0.5, beta2: 0.99, epsilon: 1e-8 }

test.each<[string, Optimiser, number]>([
  ['SGD', sgd, 0.03],
  ['Nesterov momentum and weight decay', momentum, 0.003],
  ['Adam', adam, 3e-4],
])('source stage, %s', (_, settings, rate) => {
  tf.tidy(() => {
    const MS = createNetwork('source_encoder', encoder, stream(1, 'MS'))
    const C = createNetwork('classifier', classifier, stream(1, 'C'))
    const [ofMS, ofC] = [learner(settings, MS), learner(settings, C)]
    const images = pixels('source')
    const labels = tf.tensor1d(
      Int32Array.from({ length: count }, (_, k) => k % 2),
      'int32',
    )
    const step: Step = ({ indices, rate: learningRate }) => ({
      loss: recorded(() => {
        const loss = crossEntropy(C(MS(gather(images, indices))), tf.gather(labels, indices as Tensor1D))
        ofMS.learn(loss, learningRate as Scalar)
        ofC.learn(loss, learningRate as Scalar)
        return loss
      }),
    })
    const indices = tf.tensor1d(stream(3, 'batch').permutation(count).slice(0, batch), 'int32')
    const variables = named(MS.variables, C.variables, ofMS.state, ofC.state)
    const { compiled, eager } = bothWays(step, { indices, rate: tf.scalar(rate) }, variables, {
      resident: { images, labels },
      times,
    })
    expectEqual(compiled, eager, 1e-6, 1e-5)
  })
  tf.disposeVariables()
})

test("ADDA: MT's loss goes through the D that has just been updated", () => {
  tf.tidy(() => {
    const MS = createNetwork('source_encoder', encoder, stream(1, 'MS'))
    const MT = createNetwork('target_encoder', encoder, stream(1, 'MT'))
    copyWeights(MS, MT)
    const D = createNetwork('discriminator', layersOfAdded(declaredD, base, 2), stream(1, 'D'))
    const [adapted, critic] = [learner(sgd, MT), learner(sgd, D)]
    const [xs, xt] = [pixels('source'), pixels('target')]
    const step: Step = ({ source, target, rate }) => {
      const losses = recorded(() => {
        const features = MT(gather(xt, target))
        const both = tf.concat([MS(gather(xs, source)), features])
        const lossD = crossEntropy(D(both), tf.concat([allLabelled(0, batch), allLabelled(1, batch)]))
        critic.learn(lossD, rate as Scalar)
        const lossMT = crossEntropy(D(features), allLabelled(0, batch))
        adapted.learn(lossMT, rate as Scalar)
        return tf.stack([lossD, lossMT])
      })
      const [discriminator, target_encoder] = tf.unstack(losses) as [Tensor, Tensor]
      return { discriminator, target_encoder }
    }
    const order = stream(3, 'pairs').permutation(count)
    const inputs = {
      source: tf.tensor1d(order.slice(0, batch), 'int32'),
      target: tf.tensor1d(order.slice(batch, 2 * batch), 'int32'),
      rate: tf.scalar(1e-3),
    }
    const variables = named(MS.variables, MT.variables, D.variables)
    const { compiled, eager } = bothWays(step, inputs, variables, { resident: { xs, xt }, times })
    expectEqual(compiled, eager, 1e-6, 1e-5)
    expect(compiled.variables['source_encoder.fc.bias']).not.toEqual(
      compiled.variables['target_encoder.fc.bias'],
    )
  })
  tf.disposeVariables()
})
