/** Gradients computed in the middle of a step. */
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { stream } from '../../../src/data/random'
import { dropout, seedsFrom } from '../../../src/models/dropout'
import { detached, gradients, recorded, reversed } from '../../../src/models/gradients'
import { copyWeights, createNetwork, disposeVariables } from '../../../src/models/network'
import { batchNorm, maxPool, relu } from '../../../src/networks/build'
import type { Layer } from '../../../src/networks/layer'
import { loadTensorFlow } from '../../../src/workers/native'
import expected from '../../fixtures/methods/expected.json'

await loadTensorFlow(1)

function slope(loss: tf.Scalar, variable: tf.Variable): number[] {
  return Array.from(gradients(loss, [variable]).get(variable)?.dataSync() ?? [])
}

test('a forward pass serves two losses, and the second sees what the first has updated', () => {
  const v = tf.tidy(() => tf.variable(tf.tensor1d([1, 2, 3])))
  const u = tf.tidy(() => tf.variable(tf.tensor1d([1, 1, 1])))
  const before = tf.memory().numTensors
  const loss = recorded(() => {
    const shared = tf.mul(v, 2)
    const first: tf.Scalar = tf.sum(tf.mul(u, shared))
    expect(slope(first, u)).toEqual([2, 4, 6])
    u.assign(tf.sub(u, shared))
    const second: tf.Scalar = tf.sum(tf.square(tf.mul(u, shared)))
    // d/dv (2 u v)^2 = 8 u^2 v at the new u = [-1, -3, -5]
    expect(slope(second, v)).toEqual([8, 144, 600])
    // The first loss uses the old u.
    expect(slope(first, v)).toEqual([2, 2, 2])
    return second
  })
  expect(loss.dataSync()[0]).toBe(4 + 144 + 900)
  loss.dispose()
  expect(tf.memory().numTensors).toBe(before)
  tf.dispose([u, v])
})

test('a loss that does not depend on a variable is refused', () => {
  const v = tf.tidy(() => tf.variable(tf.scalar(1)))
  const u = tf.tidy(() => tf.variable(tf.scalar(1)))
  const before = tf.memory().numTensors
  expect(() => recorded(() => tf.addN([...gradients(tf.square(u) as tf.Scalar, [v]).values()]))).toThrow(
    'does not depend',
  )
  expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 2)
  tf.dispose([u, v])
})

/** The gradient of `f` at `x` by central differences. */
function slopeByDifferences(f: (x: tf.Tensor2D) => tf.Scalar, x: readonly number[][]): number[] {
  const step = 2 ** -7
  const valueWith = (row: number, column: number, change: number) => {
    const moved = x.map((values, i) =>
      values.map((value, k) => (i === row && k === column ? value + change : value)),
    )
    return tf.tidy(() => f(tf.tensor2d(moved)).dataSync()[0] ?? NaN)
  }
  return x.flatMap((values, row) =>
    values.map((_, column) => (valueWith(row, column, step) - valueWith(row, column, -step)) / (2 * step)),
  )
}

/** The gradient of `f` at `x` as used in training. */
function slopeByGradient(f: (x: tf.Tensor2D) => tf.Scalar, x: readonly number[][]): number[] {
  return tf.tidy(() => {
    const variable = tf.variable(tf.tensor2d(x.map((values) => [...values])))
    let slope: number[] = []
    recorded(() => {
      const loss = f(variable)
      slope = Array.from(gradients(loss, [variable]).get(variable)?.dataSync() ?? [])
      return loss
    })
    variable.dispose()
    return slope
  })
}

function expectAlike(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length)
  const furthest = Math.max(...wanted.map((value, index) => Math.abs((found[index] ?? NaN) - value)))
  expect(furthest).toBeLessThan(2e-3 * Math.max(1, ...wanted.map(Math.abs)))
}

const { fs } = expected.arrays
/** A function of every entry, without symmetry. */
const curved = (x: tf.Tensor): tf.Scalar =>
  tf.sum(tf.mul(tf.sin(x), tf.range(1, 1 + x.size).reshape(x.shape)))

test.each([0, 0.3, 2])(
  'gradient reversal of strength %d: the value stays, the slope turns round',
  (strength) => {
    const turned = (x: tf.Tensor2D) => curved(reversed(x, tf.scalar(strength)))
    const forward = slopeByDifferences(turned, fs)
    expectAlike(forward, slopeByDifferences(curved, fs))
    expectAlike(
      slopeByGradient(turned, fs),
      forward.map((slope) => -strength * slope),
    )
  },
)

test('what is detached counts as given', () => {
  const squared = (x: tf.Tensor2D): tf.Scalar => tf.sum(tf.mul(detached(tf.sin(x)), x))
  const sines = fs.flat().map(Math.sin)
  expectAlike(slopeByGradient(squared, fs), sines)
})

test('dropout leaves out the same values for the same seed, and only these have no slope', () => {
  const seed = () => tf.tensor1d([3, 5], 'int32')
  const dropped = (x: tf.Tensor2D) => curved(dropout(x, 0.5, [...x.shape], seedsFrom(seed)))
  const slopes = slopeByGradient(dropped, fs)
  expectAlike(slopes, slopeByDifferences(dropped, fs))
  const lost = slopes.filter((slope) => slope === 0).length
  expect(lost).toBeGreaterThan(0)
  expect(lost).toBeLessThan(slopes.length)
})

test('dropout keeps the sum on average, drops anew at each call and nothing without seeds', () => {
  tf.tidy(() => {
    const ones = tf.ones<tf.Rank.R2>([100, 100])
    const seeds = seedsFrom(() => tf.tensor1d([7, 1], 'int32'))
    const first = dropout(ones, 0.25, [100, 100], seeds)
    const second = dropout(ones, 0.25, [100, 100], seeds)
    expect(tf.mean(first).dataSync()[0]).toBeCloseTo(1, 1)
    expect(tf.max(first).dataSync()[0]).toBeCloseTo(4 / 3, 6)
    expect(tf.mean(tf.abs(tf.sub(first, second))).dataSync()[0]).toBeGreaterThan(0.2)
    expect(dropout(ones, 0.25, [100, 100], null)).toBe(ones)
  })
})

test('batch normalisation: output, running statistics and slope as in the paper', () => {
  const wanted = expected.batchNorm
  const network = createNetwork('net', [batchNorm('bn', 3)], stream(0, 'bn'))
  const values = () => network.variables.map(({ variable }) => Array.from(variable.dataSync()))
  const learning = network.learning(() => tf.tensor1d([0, 0], 'int32'))
  tf.tidy(() => {
    const [weight, bias] = network.learned
    weight?.variable.assign(tf.tensor1d(wanted.weight))
    bias?.variable.assign(tf.tensor1d(wanted.bias))
    expectAlike(Array.from(learning(tf.tensor2d(fs)).dataSync()), wanted.output.flat())
    expectAlike(values()[2] ?? [], wanted.runningMean)
    expectAlike(values()[3] ?? [], wanted.runningVariance)
    const running = values()
    const used = network(tf.tensor2d(fs)).arraySync()
    expect(values()).toEqual(running)
    fs.forEach((row, image) => {
      row.forEach((value, unit) => {
        const scale = (wanted.weight[unit] ?? NaN) / Math.sqrt((wanted.runningVariance[unit] ?? NaN) + 1e-5)
        const shifted = scale * (value - (wanted.runningMean[unit] ?? NaN)) + (wanted.bias[unit] ?? NaN)
        expect(used[image]?.[unit]).toBeCloseTo(shifted, 4)
      })
    })
  })
  const through = (x: tf.Tensor2D) => curved(learning(x))
  expectAlike(slopeByGradient(through, fs), slopeByDifferences(through, fs))
  disposeVariables(network.variables)
})

test('batch normalisation of maps, pooled: as in the paper, also where a weight is negative', () => {
  const { maps, weight, bias, output, runningMean, runningVariance } = expected.pooledBatchNorm
  const asMaps = (x: tf.Tensor): tf.Tensor4D => tf.reshape(x, [2, 4, 4, 3])
  const networkOf = (id: string, layers: readonly Layer[]) => createNetwork(id, layers, stream(0, id))
  const network = networkOf('net', [batchNorm('bn', 3), relu, maxPool(2)])
  const inTurn = networkOf('other', [batchNorm('bn', 3)])
  const pixels = maps.flat(2)
  const seeds = () => tf.tensor1d([0, 0], 'int32')
  const learning = (x: tf.Tensor2D) => network.learning(seeds)(asMaps(x))
  const positive = (values: readonly number[]) => values.map((value) => Math.max(0, value))
  tf.tidy(() => {
    network.learned[0]?.variable.assign(tf.tensor1d(weight))
    network.learned[1]?.variable.assign(tf.tensor1d(bias))
    expectAlike(Array.from(learning(tf.tensor2d(pixels)).dataSync()), positive(output.flat(3)))
    const [, , mean, variance] = network.variables.map(({ variable }) => Array.from(variable.dataSync()))
    expectAlike(mean ?? [], runningMean)
    expectAlike(variance ?? [], runningVariance)
    copyWeights(network, inTurn)
    const maps = asMaps(tf.tensor2d(pixels))
    const pooled = tf.relu(tf.maxPool(inTurn(maps) as tf.Tensor as tf.Tensor4D, 2, 2, 'valid'))
    expectAlike(Array.from(network(maps).dataSync()), Array.from(pooled.dataSync()))
  })
  const through = (x: tf.Tensor2D) => curved(learning(x))
  expectAlike(slopeByGradient(through, pixels), slopeByDifferences(through, pixels))
  disposeVariables([...network.variables, ...inTurn.variables])
})
