/** Steps that cannot be compiled, and steps that break their contract. */
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { stream } from '../../../src/data/random'
import { createNetwork, disposeVariables } from '../../../src/models/network'
import { linearClassifier } from '../../../src/networks/classifier'
import { prepareSteps, type Stage } from '../../../src/training/steps'
import { loadTensorFlow } from '../../../src/workers/native'

await loadTensorFlow(1)

const network = () =>
  createNetwork(
    'classifier',
    linearClassifier({ features: 512, classes: 2, activation: 'none' }),
    stream(0, 'steps'),
  )
const numbers = { shown: { source: Int32Array.of(0, 1) }, rateFactor: 1, weights: {}, draw: () => ({}) }

function stageOf(step: Stage['step'], changes: Partial<Stage> = {}): Stage {
  return { networks: [], learners: [], losses: ['only'], resident: {}, step, ...changes }
}

test('a step that reads a value back runs eagerly, and says why', () => {
  const step = () => ({ only: tf.scalar(tf.add(1, 2).dataSync()[0] ?? NaN) })
  const running = prepareSteps(stageOf(step), [numbers], 'compiled')
  expect(running.obstacle).toMatchObject({ code: 'step-reads-value' })
  expect(running.run(numbers)).toEqual({ only: 3 })
  running.dispose()
})

test('a step that leaves out a loss is refused', () => {
  const running = prepareSteps(
    stageOf(() => ({})),
    [numbers],
    'eager',
  )
  expect(() => running.run(numbers)).toThrow('without its loss "only"')
  running.dispose()
})

test('a network that learns must be a learner', () => {
  const C = network()
  const running = prepareSteps(
    stageOf((_, { learn }) => {
      const loss: tf.Scalar = tf.mean(C(tf.ones([2, 512])))
      learn(loss, C)
      return { only: loss }
    }),
    [numbers],
    'eager',
  )
  expect(() => running.run(numbers)).toThrow('"classifier" is to learn but is no learner')
  running.dispose()
  disposeVariables(C.variables)
})

test('weights and random numbers reach the step by name, and may change from step to step', () => {
  const step: Stage['step'] = (_, { weight, drawn }) => ({
    only: tf.mul(weight('term'), tf.sum(drawn('noise'))),
  })
  const one = { ...numbers, weights: { term: 2 }, draw: () => ({ noise: tf.tensor1d([1, 2]) }) }
  const running = prepareSteps(stageOf(step), [one], 'compiled')
  expect(running.obstacle).toBeNull()
  expect(running.run(one)).toEqual({ only: 6 })
  expect(running.run({ ...one, weights: { term: 3 } })).toEqual({ only: 9 })
  expect(running.run({ ...one, draw: () => ({ noise: tf.tensor1d([4, 5]) }) })).toEqual({ only: 18 })
  running.dispose()
})

test('what was computed before the round reaches each of its steps by name, and stays with its owner', () => {
  const step: Stage['step'] = (_, { ofRound }) => ({ only: tf.sum(ofRound('labels')) })
  const [before, later] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 4])]
  const one = { ...numbers, ofRound: { labels: before } }
  const running = prepareSteps(stageOf(step), [one], 'compiled')
  expect(running.obstacle).toBeNull()
  expect([running.run(one), running.run(one)]).toEqual([{ only: 3 }, { only: 3 }])
  expect(running.run({ ...one, ofRound: { labels: later } })).toEqual({ only: 7 })
  running.dispose()
  expect(before.arraySync()).toEqual([1, 2])
  tf.dispose([before, later])
})
