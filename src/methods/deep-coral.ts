/**
 * Deep CORAL: Sun, Saenko 2016, "Deep CORAL: Correlation Alignment for Deep Domain Adaptation" (section 3).
 *
 * One encoder MT serves both domains. The loss aligns the covariances of one layer:
 *
 *   loss = CE(CT(MT(xs)), ys) + w |cov(a) - cov(b)|_F^2 / (4 d^2)      (equation 1)
 *   a, b: features `[batch, d = length]` or logits `[batch, d = classes]` of source and target
 */
import * as tf from '@tensorflow/tfjs-core'
import { defineMethod } from './method'
import { oneEncoder } from './one-encoder'
import { termWeight } from './parameters'
import { targetClassifier } from './target-classifier'
import { references } from './references'

/** The unbiased covariance `[length, length]` of `[batch, length]` (equations 2 and 3). */
function covariance(x: tf.Tensor2D): tf.Tensor2D {
  const centred = tf.sub<tf.Tensor2D>(x, tf.mean(x, 0, true))
  return tf.div(tf.matMul(centred, centred, true), Math.max(1, x.shape[0] - 1))
}

/** The distance between the covariances of `[n, length]` and `[m, length]`. */
export function coralLoss(source: tf.Tensor2D, target: tf.Tensor2D): tf.Scalar {
  const difference = tf.sub(covariance(source), covariance(target))
  return tf.div(tf.sum(tf.square(difference)), 4 * source.shape[1] ** 2)
}

export const deepCoral = defineMethod(
  {
    id: 'deep-coral',
    title: 'Deep CORAL',
    role: 'adaptation',
    about: {
      en: 'One encoder serves both domains: it keeps learning the source while the covariances of source and target are brought together.',
      zh: '两个域共用一个编码器：继续学习源域的同时，使源域与目标域的协方差相互接近。',
    },
    references: [references.deepCoral],
    losses: ['source', 'coral'],
    networks: [targetClassifier],
    sourceJudge: 'MT',
    statistics: 'mixture',
    discriminator: false,
    minClasses: 1,
    parameters: {
      coralWeight: termWeight(
        1,
        [0.1, 1000],
        { en: 'CORAL weight', zh: 'CORAL 权重' },
        {
          en: 'How much the distance between the covariances counts; the paper sets it so that both terms end about equal.',
          zh: '协方差距离在损失中所占的权重；论文的取法是使训练结束时两项大致相当。',
        },
      ),
      layer: {
        kind: 'choice',
        initial: 'logits',
        choices: ['logits', 'features'],
        label: { en: 'Layer', zh: '对齐的层' },
        meaning: {
          en: "What is aligned: the classifier's output, as in the paper, or the encoder's features.",
          zh: '对齐哪一层：分类器的输出（论文的做法）或编码器的特征。',
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
        const zs = F(fs)

        const source = sourceLoss(zs, ys)
        const coral = values.layer === 'logits' ? coralLoss(zs, F(ft)) : coralLoss(fs, ft)
        learn(tf.addN([source, tf.mul(weight('coralWeight'), coral), labelled((x) => F(G(x)))]), MT, CT)

        return { source, coral }
      },
    }
  },
)
