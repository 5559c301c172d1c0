/**
 * ADDA: Tzeng, Hoffman, Saenko, Darrell 2017, "Adversarial Discriminative Domain Adaptation" (section 4).
 *
 * MS and C are frozen. MT starts as MS. A discriminator D, the police, learns to tell the features of the two
 * domains apart; MT, the forger, learns to make D take its features for those of the source:
 *
 *   min over D   -E[log D0(MS(xs))] - E[log D1(MT(xt))]     D0: "source", D1: "target"
 *   min over MT  -E[log D0(MT(xt))]                          the inverted label
 *
 * Each step updates D first and MT through the D just updated. The first loss is a mean over both halves of
 * the batch together.
 *
 * D sees both domains in one mode. On an encoder with dropout or batch normalisation MS(xs) is computed as MT(xt) is: by the
 * batch, with dropout. In the authors' code (tools/train_adda.py) both encoders are one function called with its defaults,
 * is_training among them. Were MS applied as it is used, D could tell the domains by the mode alone, and MT, which learns
 * with dropout, could not answer.
 */
import * as tf from '@tensorflow/tfjs-core'
import { discriminator, domainLabels, sourceLabel } from '../models/discriminator'
import { allLabelled, crossEntropy } from '../models/losses'
import { frozenSource } from './frozen-source'
import { defineMethod } from './method'
import { discriminatorLearningRate, termWeight } from './parameters'
import { references } from './references'
import { suggestions } from './suggestions'

export const adda = defineMethod(
  {
    id: 'adda',
    title: 'ADDA',
    role: 'adaptation',
    about: {
      en: 'A discriminator learns to tell source features from target features, while the target encoder learns to fool it; the source encoder and the classifier stay frozen.',
      zh: '判别器学习区分源域与目标域的特征，目标编码器学习骗过判别器；源编码器与分类器保持冻结。',
    },
    references: [references.adda],
    losses: ['D', 'MT'],
    networks: ['discriminator'],
    sourceJudge: 'MS',
    discriminator: true,
    minClasses: 1,
    suggested: suggestions.adda,
    parameters: {
      discriminatorLearningRate: discriminatorLearningRate(1e-5),
      discriminatorActivation: {
        kind: 'choice',
        initial: 'none',
        choices: ['none', 'relu'],
        label: { en: 'Activation in D', zh: '判别器激活函数' },
        meaning: {
          en: 'What stands between the three layers of the discriminator; with none, it is one linear map.',
          zh: '判别器三层之间的激活函数；不用激活函数时，整个判别器只是一个线性映射。',
        },
      },
      adversarialWeight: termWeight(
        1,
        [0.1, 1],
        { en: 'Adversarial weight', zh: '对抗权重' },
        {
          en: 'How much fooling the discriminator counts in the loss of the target encoder.',
          zh: '骗过判别器这一项在目标编码器损失中所占的权重。',
        },
      ),
    },
  },
  ({ MS, MT, C, adaptation: { optimiser, learningRate }, values, features, create }) => {
    const D = create('discriminator', discriminator(values.discriminatorActivation, features))
    return {
      ...frozenSource({ MS, MT, C }),
      networks: [D],
      learners: [
        { network: D, optimiser, learningRate: values.discriminatorLearningRate },
        { network: MT, optimiser, learningRate },
      ],
      optimisersLast: 'round',
      weights: () => ({ adversarial: values.adversarialWeight }),
      draws: () => ({}),
      discriminate: D,

      step({ fs, xt }, { train, learn, weight, labelled }) {
        const [bs] = fs.shape
        const [bt] = xt.shape
        const G = train(MT)
        const ft = G(xt)

        const lossD = crossEntropy(D(tf.concat([fs, ft])), domainLabels(bs, bt))
        learn(lossD, D)

        const lossMT = crossEntropy(D(ft), allLabelled(sourceLabel, bt))
        const loss: tf.Scalar = tf.mul(lossMT, weight('adversarial'))
        learn(
          tf.add(
            loss,
            labelled((x) => C(G(x))),
          ),
          MT,
        )

        return { D: lossD, MT: lossMT }
      },
    }
  },
)
