/** Evaluation of networks on whole domains. */
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { modelSchema } from '../../../src/contract/experiment'
import { stream } from '../../../src/data/random'
import { architecturesOf } from '../../../src/models/architectures'
import { createNetwork, disposeVariables, valuesOf, type Network } from '../../../src/models/network'
import { evaluate, featuresOf, inPasses } from '../../../src/training/evaluate'
import { samplesIn } from '../../../src/training/samples'
import { sampleTensor } from '../../fixtures/samples'
import { predictorOf } from '../../../src/training/networks'
import { modelOf } from '../../fixtures/model'
import { loadTensorFlow } from '../../../src/workers/native'
import { digits, fill } from '../../fixtures/torch/formula'
import { firstOf } from './support'

await loadTensorFlow(1)

beforeEach(() => tf.engine().startScope())
afterEach(() => tf.engine().endScope())

const model = modelSchema.parse({})
const some = firstOf(digits(2, 3), 612)

const architectures = architecturesOf(modelOf('lenet'), 2)

function encoderAndClassifier() {
  const encoder = createNetwork('source_encoder', architectures.encoder, stream(0, 'encoder'))
  fill(encoder, 1)
  return {
    encoder,
    classifier: createNetwork('classifier', architectures.classifier, stream(0, 'classifier')),
  }
}

test('features in passes are those of one pass, whatever remains for the last', () => {
  const { encoder } = encoderAndClassifier()
  const inOne = encoder(sampleTensor(some))
  const found = featuresOf(encoder, samplesIn(some))
  expect(found.shape).toEqual([612, 512])
  const furthest = tf.max(tf.abs(tf.sub(found, inOne))).dataSync()[0]
  expect(furthest).toBeLessThan(1e-5)
})

test('rows keep their order', () => {
  const table = tf.tensor2d(
    Float32Array.from({ length: 1002 }, (_, k) => k),
    [501, 2],
  )
  expect(inPasses((rows) => tf.add(rows, 1), table).dataSync()).toEqual(
    Float32Array.from({ length: 1002 }, (_, k) => k + 1),
  )
})

test('accuracies and predictions of a domain agree, and nothing is left behind', () => {
  const { encoder, classifier: C } = encoderAndClassifier()
  const before = tf.memory().numTensors
  const { accuracies, predictions } = evaluate(encoder, C, some, [1, 0])
  expect(tf.memory().numTensors).toBe(before)
  expect(accuracies.count).toBe(612)
  const right = predictions.filter((prediction, k) => prediction === 1 - (some.labels[k] ?? NaN)).length
  expect(accuracies.accuracy).toBe(right / 612)
})

test.each([
  ['an encoder', (encoder: Network) => encoder, 'source_encoder'],
  ['a classifier', (_: Network, C: Network) => C, 'classifier'],
])('%s whose values overflow is named, and nothing is measured', (_what, spoilt, network) => {
  const { encoder, classifier: C } = encoderAndClassifier()
  const last = spoilt(encoder, C).variables.find(({ name }) => name.endsWith('fc.weight'))?.variable
  last?.assign(tf.fill(last.shape, 3e38))
  expect(() => evaluate(encoder, C, some, [0, 1])).toThrow(
    expect.objectContaining({ code: 'output-not-finite', params: { network } }) as Error,
  )
})

describe('networks out of a checkpoint', () => {
  const networks = () => {
    const { encoder, classifier: C } = encoderAndClassifier()
    const source = [...valuesOf(encoder.variables), ...valuesOf(C.variables)]
    const target = valuesOf(encoder.variables).map((tensor) => ({
      ...tensor,
      name: tensor.name.replace('source', 'target'),
      data: tensor.data.map((value) => 2 * value),
    }))
    return { source, target }
  }

  test('the target encoder, or the source one where there is none yet', () => {
    const { source, target } = networks()
    const id = (tensors: typeof source, which: 'source' | 'target') =>
      predictorOf(tensors, which, model, 2, 'file').encoder.id
    expect(id([...source, ...target], 'target')).toBe('target_encoder')
    expect(id([...source, ...target], 'source')).toBe('source_encoder')
    expect(id(source, 'target')).toBe('source_encoder')
  })

  test('a tensor of the wrong shape is refused by name, file and both shapes', () => {
    const { source } = networks()
    expect(() => predictorOf(source, 'source', model, 3, 'a.safetensors')).toThrow(
      expect.objectContaining({
        code: 'checkpoint-wrong-shape',
        params: {
          file: 'a.safetensors',
          tensor: 'classifier.fc.weight',
          found: '[512, 2]',
          expected: '[512, 3]',
        },
      }) as Error,
    )
  })

  test('three channels', () => {
    const encoder = createNetwork(
      'source_encoder',
      architecturesOf(modelOf('lenet', { channels: 3 }), 2).encoder,
      stream(0, 'rgb'),
    )
    expect(encoder(tf.zeros([2, 28, 28, 3])).shape).toEqual([2, 512])
    disposeVariables(encoder.variables)
  })
})

test("weights start as PyTorch's do: uniform within 1 / sqrt(fan in)", () => {
  const { variables } = createNetwork('source_encoder', architectures.encoder, stream(0, 'weights'))
  const bounds = { conv1: 1 / 5, conv2: 1 / Math.sqrt(800), fc: 1 / Math.sqrt(1024) }
  for (const [layer, bound] of Object.entries(bounds))
    for (const { name, data } of valuesOf(variables).filter(({ name }) => name.includes(`.${layer}.`))) {
      const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      expect(largest, name).toBeLessThanOrEqual(bound)
      expect(largest, name).toBeGreaterThan(0.8 * bound)
      if (data.length < 10_000) continue
      const square = data.reduce((sum, value) => sum + value * value, 0) / data.length
      expect(Math.sqrt(square) / bound, name).toBeCloseTo(1 / Math.sqrt(3), 2)
    }
})
