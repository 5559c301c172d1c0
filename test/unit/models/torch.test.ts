/**
 * One forward and one backward pass against PyTorch's, from equal weights and batches (test/fixtures/torch):
 * logits, losses and every gradient within 1e-4, relative to the largest value.
 */
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { stream } from '../../../src/data/random'
import { architecturesOf } from '../../../src/models/architectures'
import { gradients, recorded } from '../../../src/models/gradients'
import { allLabelled, crossEntropy } from '../../../src/models/losses'
import { createNetwork, type Network } from '../../../src/models/network'
import { discriminator } from '../../../src/networks/discriminator'
import { layersOfAdded } from '../../../src/networks/added'
import type { Layer } from '../../../src/networks/layer'
import { modelOf } from '../../fixtures/model'
import { sampleTensor } from '../../fixtures/samples'
import { loadTensorFlow } from '../../../src/workers/native'
import {
  batchAt,
  batchSize,
  digits,
  expected,
  fill,
  named,
  summaryOf,
  type Pass,
} from '../../fixtures/torch/formula'

await loadTensorFlow(1)

const base = architecturesOf(modelOf('lenet'), 2)
const { encoder, classifier } = base
const declaredD = {
  id: 'discriminator',
  layers: discriminator('features', { parameter: 'activation', is: 'relu' }),
}
const tolerance = 1e-4

beforeEach(() => tf.engine().startScope())
afterEach(() => tf.engine().endScope())

function network(id: string, layers: readonly Layer[], seed: number): Network {
  const created = createNetwork(id, layers, stream(0, id))
  fill(created, seed)
  return created
}

function firstBatch(first: number, second: number) {
  const images = digits(first, second)
  const { labels } = images
  const x = tf.gather(sampleTensor(images), tf.tensor1d(batchAt(0), 'int32'))
  return { x, y: tf.tensor1d(labels.subarray(0, batchSize), 'int32') }
}

function variablesOf({ variables }: Network): tf.Variable[] {
  return variables.map(({ variable }) => variable)
}

function expectClose(found: ArrayLike<number>, wanted: readonly number[], largest?: number): void {
  const scale = largest ?? Math.max(...wanted.map(Math.abs))
  const worst = Math.max(...wanted.map((value, index) => Math.abs((found[index] ?? NaN) - value)))
  expect(found).toHaveLength(wanted.length)
  expect(worst / scale).toBeLessThanOrEqual(tolerance)
}

function expectGradients(
  of: Network,
  found: ReturnType<typeof gradients>,
  { gradients: wanted }: Pass,
): void {
  for (const gradient of named(of, found)) {
    const summary = wanted[gradient.name]
    if (summary === undefined) throw new Error(`make.py keeps no gradient of ${gradient.name}`)
    const { sample, norm, signedSum } = summaryOf(gradient)
    expectClose(sample, summary.sample, summary.largest)
    expectClose([norm], [summary.norm])
    expectClose([signedSum], [summary.signedSum], summary.norm)
  }
}

test('source stage: C(MS(x)), its cross-entropy and the gradients of MS and C', () => {
  const MS = network('source_encoder', encoder, 1)
  const C = network('classifier', classifier, 11)
  const { x, y } = firstBatch(0, 1)
  const { sourcePass } = expected
  tf.dispose(
    recorded(() => {
      const logits = C(MS(x))
      const loss = crossEntropy(logits, y)
      expectClose(logits.dataSync(), sourcePass.logits)
      expectClose(loss.dataSync(), [sourcePass.loss])
      const slopes = gradients(loss, [...variablesOf(MS), ...variablesOf(C)])
      expectGradients(MS, slopes, sourcePass)
      expectGradients(C, slopes, sourcePass)
      return loss
    }),
  )
})

describe.each(['none', 'relu'] as const)('adaptation, activation of D: %s', (activation) => {
  test('D on both domains, and MT through D: losses and gradients', () => {
    const MS = network('source_encoder', encoder, 1)
    const MT = network('target_encoder', encoder, 21)
    const D = network('discriminator', layersOfAdded(declaredD, base, 2, { activation }), 31)
    const { x: xs } = firstBatch(0, 1)
    const { x: xt } = firstBatch(2, 3)
    const pass = expected.adversarialPass[activation]
    tf.dispose(
      recorded(() => {
        const ft = MT(xt)
        const logits = D(tf.concat([MS(xs), ft]))
        const lossD = crossEntropy(logits, tf.concat([allLabelled(0, batchSize), allLabelled(1, batchSize)]))
        const lossMT = crossEntropy(D(ft), allLabelled(0, batchSize))
        expectClose(logits.dataSync(), pass.logits)
        expectClose(lossD.dataSync(), [pass.losses.D])
        expectClose(lossMT.dataSync(), [pass.losses.MT])
        expectGradients(D, gradients(lossD, variablesOf(D)), pass)
        expectGradients(MT, gradients(lossMT, variablesOf(MT)), pass)
        return lossMT
      }),
    )
  })
})
