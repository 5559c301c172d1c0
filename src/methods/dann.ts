/**
 * DANN: Ganin et al. 2016, "Domain-Adversarial Training of Neural Networks" (section 4).
 *
 * One encoder MT serves both domains. It is trained so that CT classifies the source and, through a layer that reverses
 * gradients, so that D cannot tell the domains apart:
 *
 *   loss = CE(CT(MT(xs)), ys) + CE(D(R(MT(x))), domain of x)      x: both halves of the batch together
 *   R(f) = f,   dR/df = -lambda,   lambda = w (2 / (1 + exp(-gamma p)) - 1)      p: progress from 0 to 1
 *
 * Features `[batch, length]`, logits of D `[batch, 2]`. MT and CT start as MS and C; the paper starts from random
 * weights, which a source stage of 0 epochs reproduces.
 */
import * as tf from '@tensorflow/tfjs-core'
import { discriminator } from '../networks/discriminator'
import { domainLabels } from '../models/discriminator'
import { reversed } from '../models/gradients'
import { crossEntropy } from '../models/losses'
import { defineMethod } from './method'
import { oneEncoder } from './one-encoder'
import { discriminatorLearningRate, termWeight } from './parameters'
import { targetClassifier } from './target-classifier'
import { references } from './references'
import { suggestions } from './suggestions'

export const dann = defineMethod(
  {
    id: 'dann',
    title: 'DANN',
    role: 'adaptation',
    about: {
      en: 'One encoder serves both domains: it keeps learning the classes of the source while its gradient from a domain discriminator is reversed, so that features stop telling the domains apart.',
      zh: '两个域共用一个编码器：它继续学习源域的类别，同时将域判别器传来的梯度反转，使特征不再能区分两个域。',
    },
    references: [references.dann],
    losses: ['source', 'D'],
    networks: [targetClassifier, { id: 'discriminator', layers: discriminator('features', 'always') }],
    sourceJudge: 'MT',
    statistics: 'mixture',
    discriminator: true,
    minClasses: 1,
    suggested: suggestions.dann,
    parameters: {
      discriminatorLearningRate: discriminatorLearningRate(1e-3),
      adversarialWeight: termWeight(
        1,
        [0.1, 1],
        { en: 'Adversarial weight', zh: '对抗权重' },
        {
          en: 'How strongly the gradient of D is reversed at the end.',
          zh: '训练结束时判别器梯度反转的强度。',
        },
        { schedule: 'logistic', gamma: 'gamma' },
      ),
      gamma: {
        kind: 'number',
        initial: 10,
        least: 0,
        most: 1000,
        usual: [5, 20],
        label: { en: 'Gamma', zh: 'γ' },
        meaning: {
          en: 'How early the reversal reaches its full strength under the logistic schedule; at 10 it is nearly there halfway.',
          zh: '按逻辑斯谛曲线变化时，梯度反转达到最大强度的快慢；取 10 时，训练过半就已接近最大。',
        },
      },
    },
  },
  (setting) => {
    const { MT, adaptation, values, create } = setting
    const { CT, learners, sourceLoss, shape } = oneEncoder(setting)
    const D = create('discriminator')
    return {
      ...shape,
      networks: [CT, D],
      learners: [
        ...learners,
        { network: D, optimiser: adaptation.optimiser, learningRate: values.discriminatorLearningRate },
      ],
      draws: () => ({}),
      discriminate: D,

      step({ xs, ys, xt }, { train, learn, weight, labelled }) {
        const [G, F] = [train(MT), train(CT)]
        const [fs, ft] = [G(xs), G(xt)]

        const source = sourceLoss(F(fs), ys)
        const both = reversed(tf.concat([fs, ft]), weight('adversarialWeight'))
        const domains = crossEntropy(D(both), domainLabels(fs.shape[0], ft.shape[0]))
        learn(tf.addN([source, domains, labelled((x) => F(G(x)))]), MT, CT, D)

        return { source, D: domains }
      },
    }
  },
)
