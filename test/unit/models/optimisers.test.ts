/** Update rules against PyTorch's (test/fixtures/torch), and the optimisers' state. */
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { optimiserSchema } from '../../../src/contract/experiment'
import { restore, valuesOf } from '../../../src/models/network'
import { createOptimiser, renew } from '../../../src/models/optimisers'
import { loadTensorFlow } from '../../../src/workers/native'
import { expected, scrambled } from '../../fixtures/torch/formula'

await loadTensorFlow(1)

beforeEach(() => tf.engine().startScope())
afterEach(() => tf.engine().endScope())

const settings = {
  sgd: { kind: 'sgd' },
  momentum: { kind: 'sgd', momentum: 0.9 },
  nesterov: { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01 },
  decay: { kind: 'sgd', weightDecay: 0.01 },
  adam: { kind: 'adam' },
  adamLowBetas: { kind: 'adam', beta1: 0.5, beta2: 0.99, epsilon: 1e-3 },
} as const
const kinds = Object.keys(settings) as (keyof typeof settings)[]

/** The vector optimised in make.py, and its gradient at each update. */
function problem(kind: keyof typeof settings) {
  const variable = tf.variable(tf.tensor1d(Float32Array.from(scrambled(5, 0))))
  const optimiser = createOptimiser(optimiserSchema.parse(settings[kind]), [
    { name: 'net.fc.bias', variable },
  ])
  const update = (step: number) => {
    const gradient = tf.tensor1d(Float32Array.from(scrambled(5, step + 1), (value) => 2 * value - 1))
    optimiser.update(new Map([[variable, gradient]]), tf.scalar(0.1))
    return Array.from(variable.dataSync())
  }
  return { variable, optimiser, update }
}

test.each(kinds)('%s: eight updates as in PyTorch', (kind) => {
  const { update } = problem(kind)
  expected.optimisers[kind].forEach((wanted, step) => {
    const found = update(step)
    wanted.forEach((value, index) => expect(found[index]).toBeCloseTo(value, 6))
  })
})

test.each(kinds)('%s: its state, saved and restored, goes on as if nothing had happened', (kind) => {
  const one = problem(kind)
  for (let step = 0; step < 4; step++) one.update(step)
  const other = problem(kind)
  restore([{ name: 'x', variable: other.variable }], [{ ...tensorOf(one.variable), name: 'x' }], 'memory')
  restore(other.optimiser.state, valuesOf(one.optimiser.state), 'memory')
  expect(other.update(4)).toEqual(one.update(4))
})

test.each(kinds)('%s: renewed, it starts as a new one does', (kind) => {
  const one = problem(kind)
  const start = tensorOf(one.variable)
  const first = one.update(0)
  renew(one.optimiser)
  restore([{ name: 'x', variable: one.variable }], [{ ...start, name: 'x' }], 'memory')
  expect(one.update(0)).toEqual(first)
})

test('an update needs the gradient of each variable', () => {
  const { optimiser } = problem('sgd')
  expect(() => optimiser.update(new Map(), tf.scalar(0.1))).toThrow('without the gradient')
})

function tensorOf(variable: tf.Variable) {
  return { shape: [...variable.shape], data: variable.dataSync<'float32'>().slice() }
}
