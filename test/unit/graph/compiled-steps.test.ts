/** Order of reads and updates, shared variables, resident tensors, and memory: no tensor is left behind. */
import { readdirSync } from 'fs'
import { tmpdir } from 'os'
import * as tf from '@tensorflow/tfjs-core'
import type { Scalar, Tensor1D, Variable } from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Step } from '../../../src/graph/compiled-steps'
import { compileSteps } from '../../../src/graph/compiled-steps'
import { nativeBackend } from '../../../src/native/backend'
import { loadTensorFlow } from '../../../src/workers/native'
import type { Variables } from './steps'
import { bothWays, numbers, variablesOf } from './steps'

beforeAll(async () => {
  await loadTensorFlow(1)
})

beforeEach(() => tf.engine().startScope())
afterEach(() => {
  tf.engine().endScope()
  tf.disposeVariables()
})

function of(variables: Variables, name: string): Variable {
  const variable = variables[name]
  if (variable === undefined) throw new Error(name)
  return variable
}

const none: Step = () => ({})

describe('reads before an update see the old value, after it the new one', () => {
  test('within a step, over several runs', () => {
    const variables = variablesOf({ a: [1, 2], b: [10, 20] })
    const [a, b] = [of(variables, 'a'), of(variables, 'b')]
    const step: Step = ({ x }) => {
      const before = tf.add(a, b)
      a.assign(tf.mul(a, x as Scalar))
      const between = tf.add(a, b)
      b.assign(tf.sub(b, a))
      a.assign(tf.add(a, b))
      return { before, between, after: tf.add(a, b) }
    }
    const { compiled, eager } = bothWays(step, { x: tf.scalar(3) }, variables, { times: 4 })
    expect(compiled).toEqual(eager)
    expect(compiled.outputs[0]).toEqual({ before: [11, 22], between: [13, 26], after: [17, 34] })
  })

  test('many large reads of a variable whose update needs none of them', () => {
    const size = 400
    const variables = variablesOf({ w: Array<number>(size * size).fill(1 / size) })
    const w = of(variables, 'w')
    const step: Step = ({ next }) => {
      const square = tf.reshape<tf.Rank.R2>(w, [size, size])
      const powers = Array.from({ length: 6 }, (_, k) =>
        tf.mean(tf.matMul(tf.mul(square, k), tf.matMul(square, square))),
      )
      w.assign(next as Tensor1D)
      return { powers: tf.stack(powers), mean: tf.mean(w) }
    }
    const next = tf.fill([size * size], 2)
    const { compiled, eager } = bothWays(step, { next }, variables, { times: 2 })
    expect(compiled.outputs).toEqual(eager.outputs)
    expect(compiled.outputs[1]?.mean).toEqual([2])
  })

  test('two variables that change places', () => {
    const variables = variablesOf({ a: 1, b: 2 })
    const step: Step = () => {
      const a = tf.clone(of(variables, 'a'))
      of(variables, 'a').assign(of(variables, 'b'))
      of(variables, 'b').assign(a)
      return {}
    }
    expect(bothWays(step, {}, variables, { times: 3 }).compiled.variables).toEqual({ a: [2], b: [1] })
  })

  test('two variables that begin as one value stay two', () => {
    const variables = variablesOf({ source: [1, 2], target: [0, 0] })
    of(variables, 'target').assign(of(variables, 'source'))
    const step: Step = () => {
      of(variables, 'target').assign(tf.mul(of(variables, 'target'), 2))
      return { source: tf.clone(of(variables, 'source')) }
    }
    const { compiled } = bothWays(step, {}, variables, { times: 2 })
    expect(compiled.variables).toEqual({ source: [1, 2], target: [4, 8] })
    expect(compiled.outputs[1]).toEqual({ source: [1, 2] })
  })

  test('a step without outputs still updates', () => {
    const variables = variablesOf({ a: 1 })
    const step: Step = () => {
      of(variables, 'a').assign(tf.add(of(variables, 'a'), 1))
      return {}
    }
    expect(bothWays(step, {}, variables, { times: 5 }).compiled.variables).toEqual({ a: [6] })
  })
})

describe('steps of one session', () => {
  test('share variables, each with its own shape of input', () => {
    const variables = variablesOf({ sum: 0 })
    const sum = of(variables, 'sum')
    const step: Step = ({ x }) => {
      sum.assign(tf.add(sum, tf.sum(x as Tensor1D)))
      return { sum: tf.clone(sum) }
    }
    const [full, last] = [tf.tensor1d([1, 2, 3]), tf.tensor1d([4])]
    const steps = compileSteps({
      steps: { full: { step, inputs: { x: full } }, last: { step, inputs: { x: last } } },
      variables,
    })
    expect(numbers(steps.run('full', { x: full }))).toEqual({ sum: [6] })
    expect(numbers(steps.run('last', { x: last }))).toEqual({ sum: [10] })
    expect(numbers(steps.run('full', { x: full }))).toEqual({ sum: [16] })
    steps.dispose()
  })

  test('keep variables apart from the eager ones until told', () => {
    const variables = variablesOf({ a: [1, 2] })
    const a = of(variables, 'a')
    const step: Step = () => {
      a.assign(tf.mul(a, 10))
      return {}
    }
    const steps = compileSteps({ steps: { only: { step, inputs: {} } }, variables })
    tf.dispose(steps.run('only', {}))
    expect(numbers(variables)).toEqual({ a: [1, 2] })
    steps.read()
    expect(numbers(variables)).toEqual({ a: [10, 20] })
    a.assign(tf.tensor1d([5, 6]))
    tf.dispose(steps.run('only', {}))
    expect(numbers(variables)).toEqual({ a: [5, 6] })
    steps.write()
    tf.dispose(steps.run('only', {}))
    steps.read()
    expect(numbers(variables)).toEqual({ a: [50, 60] })
    steps.dispose()
    expect(numbers(variables)).toEqual({ a: [50, 60] })
  })

  test('do not see what JavaScript later does to an array that was written', () => {
    // TensorFlow uses an array without a copy if its address is a multiple of 64 bytes, as one of these is.
    const values = new Float32Array(32).fill(1)
    const offsets = Array.from({ length: 16 }, (_, k) => k)
    const variables = Object.fromEntries(
      offsets.map((k) => [`at${k}`, tf.variable(tf.tensor1d(values.subarray(k, k + 16)))]),
    )
    const steps = compileSteps({ steps: { only: { step: none, inputs: {} } }, variables })
    values.fill(99)
    steps.read()
    expect(new Set(Object.values(numbers(variables)).flat())).toEqual(new Set([1]))
    steps.dispose()
  })

  test('gather batches from resident tensors, which the caller may drop', () => {
    const images = tf.tensor2d(
      Float32Array.from({ length: 100 * 784 }, (_, k) => k),
      [100, 784],
    )
    const step: Step = ({ indices }) => ({ means: tf.mean(tf.gather(images, indices as Tensor1D), 1) })
    const batch = (...indices: number[]) => ({ indices: tf.tensor1d(indices, 'int32') })
    const steps = compileSteps({
      steps: { only: { step, inputs: batch(0, 1) } },
      variables: {},
      resident: { images },
    })
    images.dispose()
    expect(numbers(steps.run('only', batch(3, 0)))).toEqual({ means: [3 * 784 + 391.5, 391.5] })
    expect(() => steps.run('only', batch(0, 100))).toThrow(
      expect.objectContaining({ code: 'graph-refused' }) as Error,
    )
    expect(numbers(steps.run('only', batch(1, 1)))).toEqual({ means: [784 + 391.5, 784 + 391.5] })
    steps.dispose()
  })

  test('refuse inputs that they were not compiled for', () => {
    const step: Step = ({ x }) => ({ y: tf.square(x as Tensor1D) })
    const x = tf.tensor1d([1, 2])
    const steps = compileSteps({ steps: { only: { step, inputs: { x } } }, variables: {} })
    const refusal = (found: string, expected: string, input = 'x') =>
      expect.objectContaining({
        code: 'step-wrong-input',
        params: { step: 'only', input, found, expected },
      }) as Error
    expect(() => steps.run('only', { x: tf.tensor1d([1, 2, 3]) })).toThrow(
      refusal('float32 [3]', 'float32 [2]'),
    )
    expect(() => steps.run('only', { x: tf.tensor1d([1, 2], 'int32') })).toThrow(
      refusal('int32 [2]', 'float32 [2]'),
    )
    expect(() => steps.run('only', {})).toThrow(refusal('-', 'float32 [2]'))
    expect(() => steps.run('only', { x, z: x })).toThrow(refusal('float32 [2]', '-', 'z'))
    steps.dispose()
  })
})

describe('nothing is left behind', () => {
  const size = 1_000_000

  /** A step on 4 MB of weights, so that a leak would show in the process's memory. */
  function heavySteps() {
    const w = tf.tidy(() => tf.variable(tf.zeros([size])))
    const step: Step = ({ rate }) => {
      w.assign(tf.add(tf.mul(w, 0.5), rate as Scalar))
      return { mean: tf.mean(w) }
    }
    const rate = tf.scalar(1)
    return { steps: compileSteps({ steps: { only: { step, inputs: { rate } } }, variables: { w } }), rate, w }
  }

  const nativeTensors = () => nativeBackend().binding.getNumOfTensors()

  test('by 1,000 runs, writes and reads: tensors and memory stay as they are', () => {
    const { steps, rate } = heavySteps()
    const round = () => {
      tf.dispose(steps.run('only', { rate }))
      steps.write()
      steps.read()
    }
    for (let k = 0; k < 50; k++) round()
    const [tensors, native, memory] = [tf.memory().numTensors, nativeTensors(), process.memoryUsage().rss]
    for (let k = 0; k < 1000; k++) round()
    expect(tf.memory().numTensors).toBe(tensors)
    expect(nativeTensors()).toBe(native)
    expect(process.memoryUsage().rss - memory).toBeLessThan(100e6)
    steps.dispose()
  })

  test('by 60 sessions that were closed, with 4 MB in each', () => {
    const round = () => {
      const { steps, rate, w } = heavySteps()
      tf.dispose([steps.run('only', { rate }), rate])
      steps.dispose()
      w.dispose()
    }
    for (let k = 0; k < 5; k++) round()
    const [tensors, native, memory] = [tf.memory().numTensors, nativeTensors(), process.memoryUsage().rss]
    for (let k = 0; k < 60; k++) round()
    expect(tf.memory().numTensors).toBe(tensors)
    expect(nativeTensors()).toBe(native)
    expect(process.memoryUsage().rss - memory).toBeLessThan(120e6)
  })

  test('on disk: the folder that the graph was handed over in is gone, also when it was refused', () => {
    const folders = () =>
      readdirSync(tmpdir()).filter((name) => name.startsWith('domain-adaptation-lab-graph-'))
    const before = folders()
    const { steps } = heavySteps()
    steps.dispose()
    const refused: Step = () => ({
      y: nativeBackend().executeSingleOutput('Relu', [], [tf.tensor1d([1])]),
    })
    expect(() => compileSteps({ steps: { only: { step: refused, inputs: {} } }, variables: {} })).toThrow(
      expect.objectContaining({ code: 'graph-refused' }) as Error,
    )
    expect(folders()).toEqual(before)
  })
})
