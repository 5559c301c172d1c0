/**
 * Recording of operations with every kind of attribute, of constants, and errors for operations that cannot be
 * recorded.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../../src/contract/errors'
import type { Step, StepSources } from '../../../src/graph/compiled-steps'
import { compileSteps, fastestSteps } from '../../../src/graph/compiled-steps'
import { nativeBackend } from '../../../src/native/backend'
import { record } from '../../../src/graph/recorder'
import { unnumbered } from '../../../src/graph/unnumbered'
import { loadTensorFlow } from '../../../src/workers/native'
import { bothWays, numbers, variablesOf } from './steps'

beforeAll(async () => {
  await loadTensorFlow(1)
})

const images = () =>
  tf.tensor4d(
    Float32Array.from({ length: 2 * 6 * 6 }, (_, k) => Math.sin(k)),
    [2, 6, 6, 1],
  )
const filter = () =>
  tf.tensor4d(
    Float32Array.from({ length: 9 * 2 }, (_, k) => Math.cos(k)),
    [3, 3, 1, 2],
  )
test('operations that prepare a batch take no numbers of the nodes of their step', () => {
  const x = tf.tensor1d([1, 2])
  const namesOf = (prepared: (x: tf.Tensor) => tf.Tensor) => {
    const step: Step = (inputs) => ({ y: tf.exp(prepared(inputs.x as tf.Tensor)) })
    const { nodes } = record('step', step, { x }, { variables: {}, resident: {} })
    return nodes.map(({ name }) => name)
  }
  expect(namesOf((given) => given)).toEqual(['step/0_Exp'])
  expect(namesOf((given) => tf.neg(given))).toEqual(['step/0_Neg', 'step/1_Exp'])
  expect(namesOf((given) => unnumbered(() => tf.neg(given)))).toEqual(['step/apart/0_Neg', 'step/0_Exp'])
})

const matrix = () => tf.tensor2d([3, 1, 2, -1, 5, 0.5], [2, 3])

function attribute(name: string, type: number, value: unknown) {
  return { name, type, value }
}

describe('each kind of attribute gives the graph the same result', () => {
  const cases: Record<string, Step> = {
    'string and list(int): convolution': ({ x, w }) => ({
      y: tf.conv2d(x as Tensor4D, w as Tensor4D, [1, 1], 'same'),
    }),
    'string and list(int): pooling': ({ x }) => ({ y: tf.maxPool(x as Tensor4D, 2, 2, 'valid') }),
    'bool: reduction that keeps dimensions': ({ m }) => ({ y: tf.sum(m as Tensor2D, 1, true) }),
    'bool: transposed product': ({ m }) => ({ y: tf.matMul(m as Tensor2D, m as Tensor2D, false, true) }),
    'float: leaky ReLU': ({ m }) => ({ y: tf.leakyRelu(m as Tensor2D, 0.3) }),
    'int: one-hot': ({ i }) => ({ y: tf.oneHot(i as Tensor1D, 4) }),
    'type: cast to bool and back': ({ m }) => ({
      y: tf.cast(tf.cast(m as Tensor2D, 'bool'), 'float32'),
    }),
    'list(float): bucketize': ({ m }) => ({
      y: nativeBackend().executeSingleOutput(
        'Bucketize',
        [
          attribute('T', nativeBackend().binding.TF_ATTR_TYPE, nativeBackend().binding.TF_FLOAT),
          attribute('boundaries', nativeBackend().binding.TF_ATTR_FLOAT, [0, 1.5, 4]),
        ],
        [m as Tensor2D],
      ),
    }),
    'shape: a default that is there': ({ m }) => ({
      y: nativeBackend().executeSingleOutput(
        'PlaceholderWithDefault',
        [
          attribute('dtype', nativeBackend().binding.TF_ATTR_TYPE, nativeBackend().binding.TF_FLOAT),
          attribute('shape', nativeBackend().binding.TF_ATTR_SHAPE, [2, 3]),
        ],
        [m as Tensor2D],
      ),
    }),
    'several outputs: top k': ({ m }) => {
      const { values, indices } = tf.topk(m as Tensor2D, 2)
      return { values, indices }
    },
    'several outputs: split, used in another order': ({ m }) => {
      const [a, b, c] = tf.split(m as Tensor2D, 3, 1) as [Tensor2D, Tensor2D, Tensor2D]
      return { y: tf.concat([c, a, tf.sub(b, a)], 1) }
    },
    'constants: scalars, zeros, integers, an axis': ({ m }) => ({
      y: tf.add(tf.mul(tf.reverse(m as Tensor2D, 1), 2.5), tf.concat([tf.zeros([1, 3]), tf.ones([1, 3])])),
      range: tf.range(0, 5, 1, 'int32'),
      chosen: tf.where(tf.tensor2d([1, 0, 1, 0, 1, 1], [2, 3], 'bool'), m as Tensor2D, tf.fill([2, 3], 9)),
    }),
    'an input, untouched': ({ m }) => ({ y: m as Tensor2D }),
    'the same tensor under two names': ({ m }) => {
      const y = tf.square(m as Tensor2D)
      return { y, z: y }
    },
  }
  test.each(Object.entries(cases))('%s', (_, step) => {
    tf.tidy(() => {
      const inputs = { x: images(), w: filter(), m: matrix(), i: tf.tensor1d([2, 0, 3], 'int32') }
      const { compiled, eager } = bothWays(step, inputs)
      expect(compiled).toEqual(eager)
    })
  })
})

test('gradients through convolution, pooling, ReLU and softmax are recorded like any operation', () => {
  tf.tidy(() => {
    const variables = variablesOf({ w: Array.from(filter().dataSync()) })
    const step: Step = ({ x }) => {
      const loss = (w: tf.Tensor) => {
        const maps = tf.conv2d(x as Tensor4D, tf.reshape<tf.Rank.R4>(w, [3, 3, 1, 2]), 1, 'valid')
        const flat = tf.reshape(tf.relu(tf.maxPool(maps, 2, 2, 'valid')), [2, 8])
        return tf.neg(tf.mean(tf.logSoftmax(flat as Tensor2D)))
      }
      const w = variables.w as tf.Variable
      const gradient = tf.grad(loss)(w)
      w.assign(tf.sub(w, tf.mul(0.1, gradient)))
      return { gradient }
    }
    const { compiled, eager } = bothWays(step, { x: images() }, variables, { times: 3 })
    compiled.outputs.forEach((outputs, k) => {
      outputs.gradient?.forEach((value, n) =>
        expect(value).toBeCloseTo(eager.outputs[k]?.gradient?.[n] ?? NaN, 6),
      )
    })
    expect(eager.outputs[0]).not.toEqual(eager.outputs[1])
  })
})

test('a small tensor from outside becomes a constant', () => {
  tf.tidy(() => {
    const outside = tf.tensor1d([1, 2, 3])
    const computed = tf.square(outside)
    const step: Step = ({ x }) => ({ y: tf.add(tf.mul(x as Tensor1D, outside), computed) })
    expect(bothWays(step, { x: tf.tensor1d([10, 20, 30]) }).compiled.outputs).toEqual([{ y: [11, 44, 99] }])
  })
})

test('what no output and no update needs is left out', () => {
  tf.tidy(() => {
    const images = tf.ones([10, 4])
    const step: Step = ({ i, m }) => {
      tf.gather(images, i as Tensor1D)
      return { y: tf.relu(m as Tensor2D) }
    }
    const inputs = { i: tf.tensor1d([1, 2], 'int32'), m: matrix() }
    const { nodes } = record('only', step, inputs, { variables: {}, resident: { images } })
    expect(nodes.map(({ op }) => op)).toEqual(['Relu'])
    expect(bothWays(step, inputs, {}, { resident: { images } }).compiled.outputs).toEqual([
      { y: [3, 1, 2, 0, 5, 0.5] },
    ])
  })
})

describe('what cannot be recorded is named', () => {
  const x = () => tf.tensor1d([1, -2, 3])
  const outsider = () => tf.tidy(() => tf.variable(tf.tensor1d([1, 2, 3]), true, 'outsider'))
  const large = Float32Array.from({ length: 50 * 784 }, (_, k) => k)
  let count = 0

  const cases: [string, () => Step, ErrorCode, Record<string, unknown>][] = [
    [
      'a value read back',
      () => (inputs) => ({
        y: tf.mul(inputs.x as Tensor1D, Math.max(...tf.relu(inputs.x as Tensor1D).dataSync())),
      }),
      'step-reads-value',
      { step: 'only', tensor: 'Relu' },
    ],
    [
      'an input read back',
      () => (inputs) => ({ y: tf.scalar((inputs.x as Tensor1D).arraySync()[0] ?? 0) }),
      'step-reads-value',
      { tensor: 'x' },
    ],
    [
      'a result whose shape depends on values',
      () => (inputs) => ({ y: tf.unique(inputs.x as Tensor1D).values }),
      'step-op-unsupported',
      { op: 'UniqueV2' },
    ],
    [
      'an operation that draws numbers',
      () => () => ({ y: tf.multinomial(tf.tensor1d([0.5, 0.5]), 3) }),
      'step-op-unsupported',
      { op: 'Multinomial' },
    ],
    [
      'an attribute that the graph has no form for',
      () => (inputs) => {
        const { binding } = nativeBackend()
        return {
          y: nativeBackend().executeSingleOutput(
            'Relu',
            [
              attribute('T', binding.TF_ATTR_TYPE, binding.TF_FLOAT),
              attribute('_kind', binding.TF_ATTR_BOOL, [true]),
            ],
            [inputs.x as Tensor1D],
          ),
        }
      },
      'step-attribute-unknown',
      { op: 'Relu', attribute: '_kind' },
    ],
    [
      'a batch of images taken from outside',
      () => {
        const batch = tf.tensor(large, [50, 784])
        return (inputs) => ({ y: tf.mul(tf.mean(batch), inputs.x as Tensor1D) })
      },
      'step-constant-too-large',
      { shape: '50 x 784', bytes: 156_800 },
    ],
    [
      'random numbers made in JavaScript',
      () => (inputs) => ({ y: tf.add(inputs.x as Tensor1D, tf.randomUniform([3])) }),
      'step-not-repeatable',
      { op: 'Add' },
    ],
    [
      'a counter in JavaScript',
      () => (inputs) => ({ y: tf.mul(inputs.x as Tensor1D, ++count) }),
      'step-not-repeatable',
      { op: 'Mul' },
    ],
    [
      'an unlisted variable that is read',
      () => {
        const variable = outsider()
        return (inputs) => ({ y: tf.add(inputs.x as Tensor1D, variable) })
      },
      'step-variable-unlisted',
      { variable: 'outsider' },
    ],
    [
      'an unlisted variable that is changed',
      () => {
        const variable = outsider()
        return (inputs) => {
          variable.assign(tf.square(inputs.x as Tensor1D))
          return {}
        }
      },
      'step-variable-unlisted',
      { variable: 'outsider' },
    ],
    [
      'a variable made by the step',
      () => (inputs) => ({ y: tf.variable(inputs.x as Tensor1D, true, 'made') }),
      'step-variable-unlisted',
      { variable: 'made' },
    ],
    [
      'numbers drawn by an operation that the list of such operations lacks',
      () => () => {
        const { binding } = nativeBackend()
        const shape = tf.tensor1d([4], 'int32')
        return {
          y: nativeBackend().executeSingleOutput(
            'ParameterizedTruncatedNormal',
            [
              attribute('dtype', binding.TF_ATTR_TYPE, binding.TF_FLOAT),
              attribute('T', binding.TF_ATTR_TYPE, binding.TF_INT32),
            ],
            [shape, tf.scalar(0), tf.scalar(1), tf.scalar(-2), tf.scalar(2)],
          ),
        }
      },
      'graph-differs',
      { step: 'only', output: 'y' },
    ],
    [
      'an attribute that TensorFlow needs in a graph',
      () => (inputs) => ({ y: nativeBackend().executeSingleOutput('Relu', [], [inputs.x as Tensor1D]) }),
      'graph-refused',
      {},
    ],
  ]

  test.each(cases)('%s', (_, makeStep, code, params) => {
    tf.engine().startScope()
    const registered = Object.keys(tf.engine().registeredVariables)
    const step = makeStep()
    const sources: StepSources<'only'> = { steps: { only: { step, inputs: { x: x() } } }, variables: {} }
    const tensors = tf.memory().numTensors
    expect(() => compileSteps(sources)).toThrow(
      expect.objectContaining({ code, params: expect.objectContaining(params) as unknown }) as Error,
    )
    expect(tf.memory().numTensors).toBe(tensors)
    tf.engine().endScope()
    for (const [name, variable] of Object.entries(tf.engine().registeredVariables))
      if (!registered.includes(name)) variable.dispose()
  })

  test('and the step runs eagerly instead, saying why', () => {
    tf.tidy(() => {
      const step: Step = (inputs) => ({ y: tf.scalar(2 * ((inputs.x as Tensor1D).arraySync()[0] ?? 0)) })
      const steps = fastestSteps({ steps: { only: { step, inputs: { x: x() } } }, variables: {} })
      expect(steps.engine).toBe('eager')
      expect(steps.obstacle).toEqual({ code: 'step-reads-value', params: { step: 'only', tensor: 'x' } })
      expect(numbers(steps.run('only', { x: x() }))).toEqual({ y: [2] })
      steps.dispose()
    })
  })

  test('a defect in the step itself is not taken for an obstacle', () => {
    tf.tidy(() => {
      const step: Step = () => {
        throw new TypeError('a defect')
      }
      expect(() => fastestSteps({ steps: { only: { step, inputs: {} } }, variables: {} })).toThrow(TypeError)
    })
  })
})

test('recording changes nothing: variables, tensors and the check of indices are as before', () => {
  const variables = variablesOf({ w: [1, 2] })
  const step: Step = ({ i }) => {
    const w = variables.w as tf.Variable
    w.assign(tf.add(w, tf.gather(w, i as Tensor1D)))
    return {}
  }
  const inputs = { i: tf.tensor1d([1, 0], 'int32') }
  const tensors = tf.memory().numTensors
  nativeBackend().getInputTensorIds([...Object.values(variables), inputs.i])
  const native = nativeBackend().binding.getNumOfTensors()
  const steps = compileSteps({ steps: { only: { step, inputs } }, variables })
  expect(numbers(variables)).toEqual({ w: [1, 2] })
  steps.read()
  expect(numbers(variables)).toEqual({ w: [1, 2] })
  expect(tf.memory().numTensors).toBe(tensors)
  steps.dispose()
  expect(nativeBackend().binding.getNumOfTensors()).toBe(native)
  expect(() => tf.gather(inputs.i, tf.tensor1d([2], 'int32'))).toThrow('GatherV2: the index value 2')
  tf.disposeVariables()
})
