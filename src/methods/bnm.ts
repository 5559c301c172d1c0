/**
 * BNM: Cui, Wang, Zhuo, Li, Huang, Tian 2020, "Towards Discriminability and Diversity: Batch Nuclear-norm Maximization
 * under Label Insufficient Situations" (section 3).
 *
 * One encoder MT serves both domains. The nuclear norm (the sum of the singular values) of the predictions on a batch of
 * the target is raised, which makes each of them sure and uses many classes:
 *
 *   A = softmax(CT(MT(xt))) `[batch, classes]`
 *   loss = CE(CT(MT(xs)), ys) - w |A|_* / batch
 *
 * The authors' code divides by the number of singular values instead of the batch.
 */
import * as tf from '@tensorflow/tfjs-core'
import { nuclearNorm } from '../models/nuclear-norm'
import { defineMethod } from './method'
import { targetClassifier } from './target-classifier'
import { oneEncoder } from './one-encoder'
import { termWeight } from './parameters'
import { references } from './references'

/** The nuclear norm of predictions given as logits `[batch, classes]`, for each image of the batch. */
export function batchNuclearNorm(logits: tf.Tensor2D): tf.Scalar {
  return tf.div(nuclearNorm(tf.softmax(logits)), logits.shape[0])
}

export const bnm = defineMethod(
  {
    id: 'bnm',
    title: 'BNM',
    role: 'adaptation',
    about: {
      en: 'One encoder serves both domains: it keeps learning the source while the nuclear norm of its predictions on a batch of the target is raised, so that they become sure and use many classes.',
      zh: '两个域共用一个编码器：继续学习源域的同时，增大目标域一批预测的核范数，使预测既确定又覆盖多个类别。',
    },
    references: [references.bnm],
    losses: ['source', 'nuclear-norm'],
    lossNames: { 'nuclear-norm': { en: 'nuclear norm', zh: '核范数' } },
    networks: [targetClassifier],
    sourceJudge: 'MT',
    statistics: 'mixture',
    discriminator: false,
    minClasses: 2,
    parameters: {
      nuclearNormWeight: termWeight(
        1,
        [0.5, 2],
        { en: 'Nuclear norm weight', zh: '核范数权重' },
        {
          en: 'How much the nuclear norm of the predictions counts.',
          zh: '预测的核范数在损失中所占的权重。',
        },
      ),
    },
  },
  (setting) => {
    const { MT } = setting
    const { CT, learners, sourceLoss, shape } = oneEncoder(setting)
    return {
      ...shape,
      networks: [CT],
      learners,
      draws: () => ({}),
      discriminate: null,

      step({ xs, ys, xt }, { train, learn, weight, labelled }) {
        const [G, F] = [train(MT), train(CT)]

        const source = sourceLoss(F(G(xs)), ys)
        const norm = batchNuclearNorm(F(G(xt)))
        const raised = tf.neg<tf.Scalar>(tf.mul(weight('nuclearNormWeight'), norm))
        learn(tf.addN([source, raised, labelled((x) => F(G(x)))]), MT, CT)

        return { source, 'nuclear-norm': norm }
      },
    }
  },
)
