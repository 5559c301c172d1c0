/**
 * MCC: Jin, Wang, Long, Wang 2020, "Minimum Class Confusion for Versatile Domain Adaptation" (section 3).
 *
 * One encoder MT serves both domains. The confusion between classes is estimated from predictions on the target,
 * softened by a temperature, and minimised:
 *
 *   Y = softmax(CT(MT(xt)) / T) `[batch, classes]`,   w_i = B (1 + exp(-H(Y_i))) / sum of (1 + exp(-H))
 *   K = Y^T diag(w) Y,   K'_jk = K_jk / sum over k of K_jk,   MCC = sum over j != k of K'_jk / classes
 *
 *   loss = CE(CT(MT(xs)), ys) + mu MCC      (equations 3 to 8; no gradient through w)
 *
 * mu is constant, as in the paper; with `adaptation.weightSchedules.confusionWeight=logistic` it rises by
 * 2 / (1 + e^(-10 p)) - 1.
 */
import * as tf from '@tensorflow/tfjs-core'
import { detached } from '../models/gradients'
import { entropies } from '../models/information'
import { defineMethod } from './method'
import { oneEncoder } from './one-encoder'
import { termWeight } from './parameters'
import { targetClassifier } from './target-classifier'
import { references } from './references'

/** The confusion between classes in predictions given as logits `[batch, classes]`. */
export function classConfusion(logits: tf.Tensor2D, temperature: number): tf.Scalar {
  const [batch, classes] = logits.shape
  const softened = tf.div<tf.Tensor2D>(logits, temperature)
  const sureness = tf.add(tf.exp(tf.neg(entropies(softened))), 1)
  const weights = detached(tf.div(tf.mul(sureness, batch), tf.sum(sureness)))
  const predictions = tf.softmax(softened)
  const weighted = tf.mul<tf.Tensor2D>(predictions, tf.reshape(weights, [batch, 1]))
  const correlation = tf.matMul(weighted, predictions, true)
  const normalised = tf.div(correlation, tf.sum(correlation, 1, true))
  const off = tf.sub(1, tf.eye(classes))
  return tf.div(tf.sum(tf.mul(normalised, off)), classes)
}

export const mcc = defineMethod(
  {
    id: 'mcc',
    title: 'MCC',
    role: 'adaptation',
    about: {
      en: 'One encoder serves both domains: it keeps learning the source while the confusion between classes in its predictions on the target is brought down.',
      zh: '两个域共用一个编码器：继续学习源域的同时，减小目标域预测中各类别之间的混淆。',
    },
    references: [references.mcc],
    losses: ['source', 'confusion'],
    networks: [targetClassifier],
    sourceJudge: 'MT',
    statistics: 'mixture',
    discriminator: false,
    minClasses: 2,
    parameters: {
      confusionWeight: termWeight(
        1,
        [0.1, 1],
        { en: 'Confusion weight', zh: '混淆权重' },
        { en: 'How much confusion between classes counts.', zh: '类别混淆在损失中所占的权重。' },
      ),
      temperature: {
        kind: 'number',
        initial: 2.5,
        least: 0.1,
        most: 100,
        usual: [1, 4],
        label: { en: 'Temperature', zh: '温度' },
        meaning: {
          en: 'What logits are divided by before confusion is measured; higher ones soften predictions that are too sure.',
          zh: '计算混淆之前 logits 要除以的数；温度越高，过于确定的预测越被软化。',
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

        const source = sourceLoss(F(G(xs)), ys)
        const confusion = classConfusion(F(G(xt)), values.temperature)
        learn(
          tf.addN([source, tf.mul(weight('confusionWeight'), confusion), labelled((x) => F(G(x)))]),
          MT,
          CT,
        )

        return { source, confusion }
      },
    }
  },
)
