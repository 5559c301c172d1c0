/**
 * AFN: Xu, Li, Yang, Lin 2019, "Larger Norm More Transferable: An Adaptive Feature Norm Approach for Unsupervised Domain
 * Adaptation" (section 3, its stepwise variant SAFN).
 *
 * One encoder MT serves both domains. Each step is to raise the norm of every sample's features by r from what it is:
 *
 *   L(x) = (|f| - (stop-gradient(|f|) + r))^2,   f = MT(x) `[length]`
 *   loss = CE(CT(MT(xs)), ys) + w (mean of L over xs + mean of L over xt)
 *
 * The value of L is always r^2; only its gradient says anything.
 */
import * as tf from '@tensorflow/tfjs-core'
import { detached } from '../models/gradients'
import { defineMethod } from './method'
import { targetClassifier } from './target-classifier'
import { oneEncoder } from './one-encoder'
import { termWeight } from './parameters'
import { references } from './references'

/** Keeps the gradient of the norm finite for features that are all 0. */
const tiny = 1e-12

/** The mean of L over features `[batch, length]`. */
export function normEnlargement(features: tf.Tensor2D, enlargement: number): tf.Scalar {
  const norms = tf.sqrt(tf.add(tf.sum(tf.square(features), 1), tiny))
  return tf.mean(tf.square(tf.sub(norms, tf.add(detached(norms), enlargement))))
}

export const afn = defineMethod(
  {
    id: 'afn',
    title: 'AFN',
    role: 'adaptation',
    about: {
      en: 'One encoder serves both domains: it keeps learning the source while the norms of the features of both domains are enlarged step by step.',
      zh: '两个域共用一个编码器：继续学习源域的同时，逐步增大两个域的特征范数。',
    },
    references: [references.afn],
    losses: ['source', 'norm'],
    lossNames: { norm: { en: 'norm', zh: '范数' } },
    networks: [targetClassifier],
    sourceJudge: 'MT',
    statistics: 'mixture',
    discriminator: false,
    minClasses: 1,
    parameters: {
      normWeight: termWeight(
        0.05,
        [0.01, 0.1],
        { en: 'Norm weight', zh: '范数权重' },
        { en: 'How much larger norms of the features count.', zh: '增大特征范数这一项的权重。' },
      ),
      enlargement: {
        kind: 'number',
        initial: 1,
        least: 0,
        most: 100,
        usual: [0.3, 1],
        label: { en: 'Enlargement', zh: '范数增量' },
        meaning: {
          en: 'How much larger than it is each norm should be in a step.',
          zh: '每一步希望范数比当前增大多少。',
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

        const source = sourceLoss(F(fs), ys)
        const norm: tf.Scalar = tf.add(
          normEnlargement(fs, values.enlargement),
          normEnlargement(ft, values.enlargement),
        )
        learn(tf.addN([source, tf.mul(weight('normWeight'), norm), labelled((x) => F(G(x)))]), MT, CT)

        return { source, norm }
      },
    }
  },
)
