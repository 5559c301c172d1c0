/** Every loss against the equation of its paper, as computed element by element in test/fixtures/methods/make.py. */
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { normEnlargement } from '../../../src/methods/afn'
import { batchNuclearNorm } from '../../../src/methods/bnm'
import { bySureness, outerProduct, weightedMean } from '../../../src/methods/cdan'
import { multiKernelMmd } from '../../../src/methods/dan'
import { weightFactor } from '../../../src/methods/term-weights'
import { coralLoss } from '../../../src/methods/deep-coral'
import { classConfusion } from '../../../src/methods/mcc'
import { discrepancy } from '../../../src/methods/mcd'
import { classBalance, surelyConsistent } from '../../../src/methods/mean-teacher'
import { pseudoLabels } from '../../../src/methods/shot'
import { domainLabels } from '../../../src/models/discriminator'
import { agreement, diversity, meanEntropy } from '../../../src/models/information'
import { crossEntropies, crossEntropy, smoothedCrossEntropy } from '../../../src/models/losses'
import { nuclearNorm } from '../../../src/models/nuclear-norm'
import { scheduled } from '../../../src/training/schedule'
import { loadTensorFlow } from '../../../src/workers/native'
import expected from '../../fixtures/methods/expected.json'

await loadTensorFlow(1)
beforeEach(() => tf.engine().startScope())
afterEach(() => tf.engine().endScope())

type Table = Exclude<keyof typeof expected.arrays, 'ys'>
const given = (name: Table) => tf.tensor2d(expected.arrays[name])
const labels = () => tf.tensor1d(expected.arrays.ys, 'int32')

function expectClose(found: tf.Tensor, wanted: number): void {
  const [value = NaN] = found.dataSync()
  expect(Math.abs(value - wanted)).toBeLessThan(1e-5 * Math.max(1, Math.abs(wanted)))
}

const losses: Readonly<Record<string, readonly [() => tf.Scalar, number]>> = {
  'cross-entropy': [() => crossEntropy(given('zs'), labels()), expected.crossEntropy],
  'cross-entropy of smoothed labels': [
    () => smoothedCrossEntropy(given('zs'), labels(), 0.1),
    expected.smoothedCrossEntropy,
  ],
  'mean entropy': [() => meanEntropy(given('zt')), expected.entropy],
  diversity: [() => diversity(given('zt')), expected.diversity],
  agreement: [() => agreement(tf.softmax(given('zt')), given('other')), expected.agreement],
  'CDAN, mean over the domains': [() => ofDomains((logits) => tf.ones([logits.shape[0]])), expected.cdan],
  'CDAN+E, images weighted by how sure the classifier is': [() => ofDomains(bySureness), expected.cdanE],
  'MMD with one kernel': [() => multiKernelMmd(given('fs'), given('ft'), 1), expected.mmd['1']],
  'MMD with five': [() => multiKernelMmd(given('fs'), given('ft'), 5), expected.mmd['5']],
  'CORAL of features': [() => coralLoss(given('fs'), given('ft')), expected.coral.features],
  'CORAL of logits': [() => coralLoss(given('zs'), given('zt')), expected.coral.logits],
  'discrepancy of MCD': [() => discrepancy(given('zt'), given('other')), expected.discrepancy],
  'confusion of MCC': [() => classConfusion(given('zt'), 1), expected.confusion['1']],
  'confusion of MCC, softened': [() => classConfusion(given('zt'), 2.5), expected.confusion['2.5']],
  'nuclear norm of BNM': [() => batchNuclearNorm(given('zt')), expected.nuclearNorm.loss],
  'nuclear norm with fewer images than classes': [
    () => batchNuclearNorm(tf.slice(given('zt'), [0, 0], [2, 3])),
    expected.nuclearNorm.wide,
  ],
  'norm of AFN': [() => normEnlargement(given('ft'), expected.enlargement.by), expected.enlargement.loss],
  'consistency where the teacher is sure': [
    () => surelyConsistent(tf.softmax(given('zt')), tf.softmax(given('other')), expected.threshold),
    expected.consistency,
  ],
  'class balance': [
    () => classBalance(tf.softmax(given('zt')), tf.softmax(given('other')), expected.threshold),
    expected.balance,
  ],
}

/** As in CDAN's step, from the logits of D and of the classifier. */
function ofDomains(weigh: (logits: tf.Tensor2D) => tf.Tensor1D): tf.Scalar {
  const ofSource = crossEntropies(given('ds'), domainLabels(expected.arrays.ds.length, 0))
  const ofTarget = crossEntropies(given('dt'), domainLabels(0, expected.arrays.dt.length))
  return tf.div(
    tf.add(weightedMean(ofSource, weigh(given('zs'))), weightedMean(ofTarget, weigh(given('zt')))),
    2,
  )
}

test.each(Object.entries(losses))('%s', (_, [compute, wanted]) => {
  expectClose(compute(), wanted)
})

function expectSlopes(loss: (x: tf.Tensor2D) => tf.Scalar, at: tf.Tensor2D, wanted: number[][]): void {
  const found = tf.grad((x) => loss(x as tf.Tensor2D))(at) as tf.Tensor2D
  found.arraySync().forEach((row, i) => {
    row.forEach((slope, k) => expect(slope).toBeCloseTo(wanted[i]?.[k] ?? NaN, 5))
  })
}

test('the gradient of the nuclear norm is that of finite differences', () => {
  const norm = (logits: tf.Tensor2D) => nuclearNorm(tf.softmax(logits))
  expectSlopes(norm, given('zt'), expected.nuclearNorm.slopes)
})

test('equal predictions, whose other singular values are 0, have a finite gradient', () => {
  const norm = (logits: tf.Tensor2D) => nuclearNorm(tf.softmax(logits))
  const slopes = tf.grad((x) => norm(x as tf.Tensor2D))(tf.zeros([4, 3]))
  expectClose(tf.cast(tf.all(tf.isFinite(slopes)), 'float32'), 1)
})

test('AFN lengthens every vector of features, and leaves those of length 0', () => {
  const { by, slopes } = expected.enlargement
  expectSlopes((features) => normEnlargement(features, by), given('ft'), slopes)
  expectSlopes((features) => normEnlargement(features, by), tf.zeros([1, 2]), [[0, 0]])
})

test.each(expected.pseudoLabels)(
  'the pseudo-labels of SHOT: $labels',
  ({ features, logits, labels: wanted }) => {
    const found = pseudoLabels(tf.tensor2d(features), tf.tensor2d(logits)).arraySync()
    expect(found).toEqual(wanted)
    // Otherwise predictions would do.
    expect(found).not.toEqual(tf.argMax(tf.tensor2d(logits), 1).arraySync())
  },
)

test("CDAN's outer product lists, prediction by prediction, every feature", () => {
  const product = outerProduct(given('fs'), tf.softmax(given('zs'))).arraySync()
  product.forEach((row, image) => {
    row.forEach((value, place) => {
      expect(value).toBeCloseTo(expected.outerProduct[image]?.[place] ?? NaN, 5)
    })
  })
})

test('equal samples have no discrepancy, whichever way it is measured', () => {
  expectClose(multiKernelMmd(given('fs'), given('fs'), 5), 0)
  expectClose(coralLoss(given('fs'), given('fs')), 0)
  expectClose(discrepancy(given('zt'), given('zt')), 0)
})

test.each(Object.entries(expected.reversal))('the reversal at progress %s is %d', (progress, strength) => {
  expect(weightFactor('logistic', Number(progress))).toBeCloseTo(strength, 12)
})

test.each(Object.entries(expected.inverse))(
  'the inverse schedule at progress %s is %d',
  (progress, factor) => {
    expect(scheduled('inverse', Number(progress))).toBeCloseTo(factor, 12)
  },
)
