/**
 * ADDA: Tzeng, Hoffman, Saenko, Darrell 2017, "Adversarial Discriminative Domain Adaptation" (section 4).
 *
 * MS and C are frozen. MT starts as MS. A discriminator D learns to tell the features of the two domains apart; MT
 * learns to make D classify its features as those of the source:
 *
 *   min over D   -E[log D0(MS(xs))] - E[log D1(MT(xt))]     D0: "source", D1: "target"
 *   min over MT  -E[log D0(MT(xt))]                          the inverted label
 *
 * Each step updates D first, then MT through the updated D. The first loss is a mean over both halves of the batch
 * together.
 *
 * D sees both domains in the same mode. If the encoder has dropout or batch normalisation, MS(xs) is computed in
 * training mode, like MT(xt): with batch statistics and dropout. The authors' code (tools/train_adda.py) calls one
 * function for both encoders with its defaults, including is_training. With MS in evaluation mode, D could tell the
 * domains apart by the mode alone, and MT, which is trained with dropout, could not compensate.
 */
import * as tf from '@tensorflow/tfjs-core'
import { discriminator } from '../networks/discriminator'
import { domainLabels, sourceLabel } from '../models/discriminator'
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
    networks: [
      {
        id: 'discriminator',
        layers: discriminator('features', { parameter: 'discriminatorActivation', is: 'relu' }),
      },
    ],
    sourceJudge: 'MS',
    statistics: 'target',
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
  ({ MS, MT, C, adaptation: { optimiser, learningRate }, values, create }) => {
    const D = create('discriminator')
    return {
      ...frozenSource({ MS, MT, C }),
      networks: [D],
      learners: [
        { network: D, optimiser, learningRate: values.discriminatorLearningRate },
        { network: MT, optimiser, learningRate },
      ],
      optimisersLast: 'round',
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
        const loss: tf.Scalar = tf.mul(lossMT, weight('adversarialWeight'))
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
