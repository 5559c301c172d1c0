/**
 * DAN: Long, Cao, Wang, Jordan 2015, "Learning Transferable Features with Deep Adaptation Networks" (section 3).
 *
 * One encoder MT serves both domains. The loss aligns the distributions of its features and of the logits by their
 * maximum mean discrepancy with several Gaussian kernels:
 *
 *   loss = CE(CT(MT(xs)), ys) + w (MMD^2(fs, ft) + MMD^2(zs, zt)),   f = MT(x) `[batch, length]`, z = CT(f)
 *   MMD^2(a, b) = mean k(a, a') + mean k(b, b') - 2 mean k(a, b)
 *   k(x, y) = mean over u of exp(-|x - y|^2 / (2^u s)),   s: mean squared distance, u around 0
 *
 * All kernels have the same weight, and the estimate uses all pairs of a batch; the paper finds the weights by a
 * quadratic programme and uses a linear-time estimate.
 */
import * as tf from '@tensorflow/tfjs-core'
import { squaredDistances } from '../models/distances'
import { detached } from '../models/gradients'
import { defineMethod } from './method'
import { oneEncoder } from './one-encoder'
import { termWeight } from './parameters'
import { targetClassifier } from './target-classifier'
import { references } from './references'

/** The squared discrepancy of `[n, length]` and `[m, length]`. */
export function multiKernelMmd(source: tf.Tensor2D, target: tf.Tensor2D, kernels: number): tf.Scalar {
  const [n, m] = [source.shape[0], target.shape[0]]
  const all = tf.concat([source, target])
  const squares = squaredDistances(all, all)
  const scale = detached(tf.div(tf.sum(squares), (n + m) * (n + m - 1)))
  const widths = Array.from({ length: kernels }, (_, i) => 2 ** (i - Math.floor(kernels / 2)))
  const each = widths.map((width) => tf.exp(tf.neg(tf.div(squares, tf.mul(scale, width)))))
  const kernel = tf.div(tf.addN(each), kernels)
  // With weights 1/n for source points and -1/m for target points, the quadratic form gives all three means at once.
  const signs = tf.concat<tf.Tensor2D>([tf.fill([n, 1], 1 / n), tf.fill([m, 1], -1 / m)])
  return tf.sum(tf.mul(kernel, tf.matMul(signs, signs, false, true)))
}

export const dan = defineMethod(
  {
    id: 'dan',
    title: 'DAN',
    role: 'adaptation',
    about: {
      en: 'One encoder serves both domains: it keeps learning the source while the maximum mean discrepancy between the domains, by several kernels, is brought down in its features and in the logits.',
      zh: '两个域共用一个编码器：继续学习源域的同时，在特征与 logits 上减小两个域之间的多核最大均值差异（MK-MMD）。',
    },
    references: [references.dan],
    losses: ['source', 'mmd'],
    networks: [targetClassifier],
    sourceJudge: 'MT',
    statistics: 'mixture',
    discriminator: false,
    minClasses: 1,
    parameters: {
      mmdWeight: termWeight(
        1,
        [0.1, 3],
        { en: 'MMD weight', zh: 'MMD 权重' },
        {
          en: 'How much the discrepancy between the domains counts.',
          zh: '两个域之间的差异在损失中所占的权重。',
        },
      ),
      kernels: {
        kind: 'integer',
        initial: 5,
        least: 1,
        most: 20,
        usual: [3, 7],
        label: { en: 'Kernels', zh: '核的个数' },
        meaning: {
          en: 'How many Gaussian kernels; the width doubles from one to the next, around the mean distance.',
          zh: '高斯核的个数；带宽以平均距离为中心逐个加倍。',
        },
      },
    },
  },
  (setting) => {
    const { MT, values } = setting
    const { CT, learners, sourceLoss, shape } = oneEncoder(setting)
    return {
      ...shape,
      networks: [CT],
      learners,
      draws: () => ({}),
      discriminate: null,

      step({ xs, ys, xt }, { train, learn, weight, labelled }) {
        const [G, F] = [train(MT), train(CT)]
        const [fs, ft] = [G(xs), G(xt)]
        const [zs, zt] = [F(fs), F(ft)]

        const source = sourceLoss(zs, ys)
        const mmd: tf.Scalar = tf.add(
          multiKernelMmd(fs, ft, values.kernels),
          multiKernelMmd(zs, zt, values.kernels),
        )
        learn(tf.addN([source, tf.mul(weight('mmdWeight'), mmd), labelled((x) => F(G(x)))]), MT, CT)

        return { source, mmd }
      },
    }
  },
)
