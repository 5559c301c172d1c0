/** Distances between domains, D's accuracy and the projection, on features with a known result. */
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { stream } from '../../../src/data/random'
import { createDomainProbe } from '../../../src/training/a-distance'
import { judgementOf } from '../../../src/training/judgement'
import { kernelMean, medianDistance, mmd } from '../../../src/training/mmd'
import { principalAxes } from '../../../src/training/projection'
import { sampleIndices } from '../../../src/training/sample'
import { scheduled } from '../../../src/training/schedule'
import { loadTensorFlow } from '../../../src/workers/native'

await loadTensorFlow(1)

beforeEach(() => tf.engine().startScope())
afterEach(() => tf.engine().endScope())

/** `[count, length]` of normally distributed numbers around `mean`. */
function cloud(count: number, length: number, mean: number, key: string): tf.Tensor2D {
  const random = stream(0, key)
  return tf.tensor2d(
    Float32Array.from({ length: count * length }, () => mean + random.normal()),
    [count, length],
  )
}

/** With a probe that is used once. */
function proxyADistance(source: tf.Tensor2D, target: tf.Tensor2D, engine?: 'compiled' | 'eager'): number {
  const probe = createDomainProbe(source.shape[0], target.shape[0], source.shape[1], engine)
  try {
    return probe.distance(source, target)
  } finally {
    probe.dispose()
  }
}

describe('proxy A-distance', () => {
  test('2 for domains that a line parts', () => {
    expect(proxyADistance(cloud(200, 8, 0, 'a'), cloud(200, 8, 5, 'b'))).toBe(2)
  })

  test('about 0 for equal distributions: what the probe has learned by heart does not count', () => {
    expect(Math.abs(proxyADistance(cloud(400, 64, 0, 'a'), cloud(400, 64, 0, 'b')))).toBeLessThan(0.4)
  })

  test('domains that differ a little lie in between', () => {
    const found = proxyADistance(cloud(2000, 1, 0, 'a'), cloud(2000, 1, 1, 'b'))
    // The best classifier of N(0, 1) against N(1, 1) has an error rate of Phi(-1/2) = 0.3085.
    expect(Math.abs(found - 2 * (1 - 2 * 0.3085))).toBeLessThan(0.15)
  })

  test('the compiled probe finds what the eager one finds, each time it is asked', () => {
    const pairs = [0.1, 0.5, 1].map((apart) => [cloud(300, 16, 0, 'a'), cloud(200, 16, apart, 'b')] as const)
    const probe = createDomainProbe(300, 200, 16)
    const found = pairs.map(([a, b]) => probe.distance(a, b))
    probe.dispose()
    expect(found).toEqual(pairs.map(([a, b]) => proxyADistance(a, b, 'eager')))
  })

  test('leaves nothing behind', () => {
    const [a, b] = [cloud(20, 4, 0, 'a'), cloud(20, 4, 1, 'b')]
    const before = tf.memory().numTensors
    proxyADistance(a, b)
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('maximum mean discrepancy', () => {
  test('0 between a sample and itself', () => {
    const a = cloud(50, 4, 0, 'a')
    expect(mmd(a, a, 1)).toBeCloseTo(0, 3)
  })

  test('by hand: one point each, a distance apart', () => {
    const found = mmd(tf.tensor2d([[0, 0]]), tf.tensor2d([[3, 4]]), 5)
    expect(found).toBeCloseTo(Math.sqrt(2 - 2 * Math.exp(-0.5)), 6)
  })

  test("the source's own kernel, where it is known, is not computed again", () => {
    const [a, b] = [cloud(40, 4, 0, 'a'), cloud(30, 4, 1, 'b')]
    expect(mmd(a, b, 2, kernelMean(a, a, 2))).toBe(mmd(a, b, 2))
  })

  test('grows with the distance of the domains', () => {
    const near = mmd(cloud(100, 4, 0, 'a'), cloud(100, 4, 0.5, 'b'), 2)
    const far = mmd(cloud(100, 4, 0, 'a'), cloud(100, 4, 2, 'b'), 2)
    expect(far).toBeGreaterThan(near)
  })

  test('its width is the median distance of different points', () => {
    expect(medianDistance(tf.tensor2d([[0], [1]]), tf.tensor2d([[3]]))).toBe(2)
  })
})

describe("D's judgement", () => {
  test('shares, accuracy and histograms', () => {
    const found = judgementOf(Float32Array.of(0.99, 0.5, 0.2, 1), Float32Array.of(0, 0.74))
    expect(found.sourceCalledSource).toBe(0.75)
    expect(found.targetCalledSource).toBe(0.5)
    expect(found.discriminatorAccuracy).toBe((0.75 + 0.5) / 2)
    const bins = (entries: Record<number, number>) =>
      Array.from({ length: 20 }, (_, bin) => entries[bin] ?? 0)
    expect(found.histogram?.source).toEqual(bins({ 19: 2, 10: 1, 4: 1 }))
    expect(found.histogram?.target).toEqual(bins({ 0: 1, 14: 1 }))
  })

  test('none without a D', () => {
    expect(judgementOf(null, null)).toEqual({
      discriminatorAccuracy: null,
      sourceCalledSource: null,
      targetCalledSource: null,
      histogram: null,
    })
  })
})

describe('the plane of the picture', () => {
  test('lies along the two widest directions, the widest first, and does not move', () => {
    const along = [
      [9, 0, 0],
      [-9, 0, 0],
      [0, 0, 4],
      [0, 0, -4],
      [0, 1, 0],
      [0, -1, 0],
    ]
    const plane = principalAxes(tf.tensor2d(along), 2)
    const drawn = plane.project(tf.tensor2d([[2, 7, 3]]))
    expect(Math.abs(drawn[0] ?? NaN)).toBeCloseTo(2, 4)
    expect(Math.abs(drawn[1] ?? NaN)).toBeCloseTo(3, 4)
    expect(principalAxes(tf.tensor2d(along), 2).project(tf.tensor2d([[2, 7, 3]]))).toEqual(drawn)
  })

  test('more axes only add to the first two', () => {
    const rows = tf.randomNormal<tf.Rank.R2>([60, 8], 0, 1, 'float32', 7)
    const wide = tf.mul<tf.Tensor2D>(rows, tf.tensor1d([9, 6, 4, 2.5, 1.6, 1, 0.6, 0.4]))
    const [few, many] = [principalAxes(wide, 2).project(wide), principalAxes(wide, 5)]
    expect(many.dimensions).toBe(5)
    const drawn = many.project(wide)
    for (let row = 0; row < 60; row++) {
      expect(Math.abs(drawn[row * 5] ?? NaN)).toBeCloseTo(Math.abs(few[row * 2] ?? NaN), 2)
      expect(Math.abs(drawn[row * 5 + 1] ?? NaN)).toBeCloseTo(Math.abs(few[row * 2 + 1] ?? NaN), 2)
    }
    expect(principalAxes(wide, 16).dimensions).toBe(8)
  })

  test('features that are all alike are one point', () => {
    expect(principalAxes(tf.ones([5, 3]), 2).project(tf.ones([1, 3]))).toEqual(Float32Array.of(0, 0))
  })
})

test('the sample is the same for the same seed, each image once', () => {
  const sample = sampleIndices('source', 3000, 1)
  expect(sample).toHaveLength(1000)
  expect(new Set(sample).size).toBe(1000)
  expect(sampleIndices('source', 3000, 1)).toEqual(sample)
  expect(sampleIndices('target', 3000, 1)).not.toEqual(sample)
  expect(sampleIndices('source', 30, 1)).toHaveLength(30)
})

test('a cosine schedule falls from 1 to 0, a constant one stays', () => {
  expect([0, 0.5, 1].map((progress) => scheduled('cosine', progress))).toEqual([
    1,
    expect.closeTo(0.5, 12),
    expect.closeTo(0, 12),
  ])
  expect([0, 0.5, 1].map((progress) => scheduled('constant', progress))).toEqual([1, 1, 1])
})
