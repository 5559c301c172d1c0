/**
 * CDAN and CDAN+E: Long, Cao, Wang, Jordan 2018, "Conditional Adversarial Domain Adaptation" (section 3).
 *
 * Like DANN, but D's input combines features and predictions: the outer product of the features f = MT(x)
 * `[batch, length]` and the predictions g = softmax(CT(f)) `[batch, classes]`, flattened to length * classes numbers
 * (equation 5; the randomised product for long features is not used).
 *
 *   loss = CE(CT(MT(xs)), ys) + 1/2 (mean over xs + mean over xt) of CE(D(R(f x g)), domain)
 *
 * R reverses gradients as in DANN; no gradient flows through g. CDAN+E (equation 8) weights both means with
 * w = 1 + exp(-H(g)), so confident predictions count more. No gradient flows through w either; in the authors' code it
 * does, and is reversed like that of the features.
 */
import * as tf from '@tensorflow/tfjs-core'
import { discriminator } from '../networks/discriminator'
import { domainLabels } from '../models/discriminator'
import { detached, reversed } from '../models/gradients'
import { entropies } from '../models/information'
import { crossEntropies } from '../models/losses'
import { defineMethod } from './method'
import { oneEncoder } from './one-encoder'
import { discriminatorLearningRate, termWeight } from './parameters'
import { targetClassifier } from './target-classifier'
import { references } from './references'
import { suggestions } from './suggestions'

/** The outer product of `[batch, length]` and `[batch, classes]` for each row: `[batch, classes * length]`. */
export function outerProduct(f: tf.Tensor2D, g: tf.Tensor2D): tf.Tensor2D {
  const [batch, length] = f.shape
  const [, classes] = g.shape
  const products = tf.mul(tf.reshape(g, [batch, classes, 1]), tf.reshape(f, [batch, 1, length]))
  return tf.reshape(products, [batch, classes * length])
}

/** The weight of each image, `[batch]`, from the classifier's logits. */
type Weighing = (logits: tf.Tensor2D) => tf.Tensor1D

const alike: Weighing = (logits) => tf.ones([logits.shape[0]])

/** 1 + exp(-entropy of the prediction). */
export const bySureness: Weighing = (logits) => detached(tf.add(tf.exp(tf.neg(entropies(logits))), 1))

/** The mean of `values` `[batch]` under weights `[batch]`. */
export function weightedMean(values: tf.Tensor1D, weights: tf.Tensor1D): tf.Scalar {
  return tf.div(tf.sum(tf.mul(values, weights)), tf.sum(weights))
}

function conditional(id: string, title: string, about: { en: string; zh: string }, weigh: Weighing) {
  return defineMethod(
    {
      id,
      title,
      role: 'adaptation',
      about,
      references: [references.cdan],
      losses: ['source', 'D'],
      networks: [
        targetClassifier,
        { id: 'conditional_discriminator', layers: discriminator('features x classes', 'always') },
      ],
      sourceJudge: 'MT',
      statistics: 'mixture',
      discriminator: true,
      minClasses: 2,
      suggested: suggestions.cdan,
      parameters: {
        discriminatorLearningRate: discriminatorLearningRate(1e-3),
        adversarialWeight: termWeight(
          1,
          [0.1, 1],
          { en: 'Adversarial weight', zh: '对抗权重' },
          {
            en: 'How strongly the gradient of D is reversed at the end; it rises from 0 as in DANN.',
            zh: '训练结束时判别器梯度反转的强度；与 DANN 一样从 0 逐渐升高。',
          },
          { schedule: 'logistic' },
        ),
      },
    },
    (setting) => {
      const { MT, adaptation, values, create } = setting
      const { CT, learners, sourceLoss, shape } = oneEncoder(setting)
      const D = create('conditional_discriminator')
      return {
        ...shape,
        networks: [CT, D],
        learners: [
          ...learners,
          { network: D, optimiser: adaptation.optimiser, learningRate: values.discriminatorLearningRate },
        ],
        draws: () => ({}),
        discriminate: (f) => D(outerProduct(f, tf.softmax(CT(f)))),

        step({ xs, ys, xt }, { train, learn, weight, labelled }) {
          const [G, F] = [train(MT), train(CT)]
          const [fs, ft] = [G(xs), G(xt)]
          const [bs, bt] = [fs.shape[0], ft.shape[0]]
          const [zs, zt] = [F(fs), F(ft)]

          const source = sourceLoss(zs, ys)
          const given = detached(tf.softmax(tf.concat([zs, zt])))
          const seen = reversed(outerProduct(tf.concat([fs, ft]), given), weight('adversarialWeight'))
          const [ofSource, ofTarget] = tf.split(crossEntropies(D(seen), domainLabels(bs, bt)), [bs, bt]) as [
            tf.Tensor1D,
            tf.Tensor1D,
          ]
          const domains = tf.div<tf.Scalar>(
            tf.add(weightedMean(ofSource, weigh(zs)), weightedMean(ofTarget, weigh(zt))),
            2,
          )
          learn(tf.addN([source, domains, labelled((x) => F(G(x)))]), MT, CT, D)

          return { source, D: domains }
        },
      }
    },
  )
}

export const cdan = conditional(
  'cdan',
  'CDAN',
  {
    en: 'Like DANN, but the discriminator sees features together with the predicted class, so that classes are aligned one by one.',
    zh: '与 DANN 类似，但判别器同时看到特征与预测的类别，从而按类别逐一对齐。',
  },
  alike,
)

export const cdanE = conditional(
  'cdan-e',
  'CDAN+E',
  {
    en: 'CDAN in which images that the classifier is sure of count for more in the adversarial term.',
    zh: 'CDAN 的变体：分类器把握越大的图像，在对抗项中的权重越高。',
  },
  bySureness,
)
