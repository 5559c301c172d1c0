/**
 * MCD: Saito, Watanabe, Ushiku, Harada 2018, "Maximum Classifier Discrepancy for Unsupervised Domain Adaptation"
 * (section 3.3). Two classifiers share one encoder; they disagree on target images that are far from the source.
 *
 *   d = mean over the batch and the classes of |softmax(F1(G(xt))) - softmax(F2(G(xt)))|      (equation 1)
 *
 *   Step A   G, F1, F2 go down   CE(F1(G(xs)), ys) + CE(F2(G(xs)), ys)
 *   Step B   F1, F2 go down      the same - d        G fixed: the classifiers diverge on the target
 *   Step C   G goes down         d                   n times: the encoder brings them together again
 *
 * G is MT, F1 is CT and starts as C, F2 starts at random. Predictions are CT(MT(x)); logits are `[batch, classes]`.
 */
import * as tf from '@tensorflow/tfjs-core'
import { defineMethod } from './method'
import { oneEncoder } from './one-encoder'
import { termWeight } from './parameters'
import { targetClassifier } from './target-classifier'
import { references } from './references'
import { suggestions } from './suggestions'

/** The mean absolute difference of two predictions `[batch, classes]`, given as logits. */
export function discrepancy(one: tf.Tensor2D, other: tf.Tensor2D): tf.Scalar {
  return tf.mean(tf.abs(tf.sub(tf.softmax(one), tf.softmax(other))))
}

export const mcd = defineMethod(
  {
    id: 'mcd',
    title: 'MCD',
    role: 'adaptation',
    about: {
      en: 'Two classifiers on one encoder learn to disagree on the target as far as the source allows; the encoder learns to leave them nothing to disagree about.',
      zh: '一个编码器上有两个分类器：在保证源域正确的前提下，它们尽量在目标域上给出不同的预测；编码器则学习消除这种分歧。',
    },
    references: [references.mcd],
    losses: ['source', 'discrepancy'],
    networks: [targetClassifier, { id: 'second_classifier', like: 'classifier' }],
    sourceJudge: 'MT',
    statistics: 'mixture',
    discriminator: false,
    minClasses: 2,
    suggested: suggestions.mcd,
    parameters: {
      encoderSteps: {
        kind: 'integer',
        initial: 4,
        least: 1,
        most: 10,
        usual: [1, 4],
        label: { en: 'Encoder steps', zh: '编码器步数' },
        meaning: {
          en: 'How often step C is taken in each step.',
          zh: '每一步中步骤 C 重复的次数。',
        },
      },
      discrepancyWeight: termWeight(
        1,
        [0.5, 1],
        { en: 'Discrepancy weight', zh: '差异权重' },
        {
          en: 'How much the disagreement on the target counts in steps B and C.',
          zh: '步骤 B 与 C 中，两个分类器在目标域上的分歧所占的权重。',
        },
      ),
    },
  },
  (setting) => {
    const { MT, adaptation, values, create } = setting
    const { CT, learners, sourceLoss, shape } = oneEncoder(setting)
    const second = create('second_classifier')
    const { optimiser, learningRate } = adaptation
    return {
      ...shape,
      networks: [CT, second],
      learners: [...learners, { network: second, optimiser, learningRate }],
      draws: () => ({}),
      discriminate: null,

      step({ xs, ys, xt }, { train, learn, weight, labelled }) {
        const [G, F1, F2] = [train(MT), train(CT), train(second)]
        const onSource = (): tf.Scalar => {
          const fs = G(xs)
          return tf.add(sourceLoss(F1(fs), ys), sourceLoss(F2(fs), ys))
        }
        const onTarget = (): tf.Scalar => {
          const ft = G(xt)
          return tf.mul(weight('discrepancyWeight'), discrepancy(F1(ft), F2(ft)))
        }

        const source = onSource()
        const shown = [labelled((x) => F1(G(x))), labelled((x) => F2(G(x)))]
        learn(tf.addN([source, ...shown]), MT, CT, second)

        const apart = onTarget()
        learn(tf.sub(onSource(), apart), CT, second)

        for (let n = 0; n < values.encoderSteps; n++) learn(onTarget(), MT)

        return { source, discrepancy: apart }
      },
    }
  },
)
