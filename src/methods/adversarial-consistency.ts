/**
 * Adversarial consistency: a small adversarial term beside two that need no second domain.
 *
 *   p = softmax(C(MT(x))),  q = softmax(C(MT(a(x)))),  a: a random view of the image
 *
 *   loss of MT =  w CE(D(MT(x)), source)          adversarial (ADDA, Tzeng et al. 2017)
 *               + mean H(p) - H(mean p)           information maximisation (RIM, Krause et al. 2010, eq. 3;
 *                                                 SHOT-IM, Liang et al. 2020, section 3.2)
 *               + CE(stop-gradient(p), q)         consistency under views (IMSAT, Hu et al. 2017;
 *                                                 FixMatch, Sohn et al. 2020)
 *
 * D is that of ADDA, trained first in each step. MS and C are frozen; the source stage should see views, too.
 */
import * as tf from '@tensorflow/tfjs-core'
import { viewsSchema } from '../contract/experiment'
import { discriminator, sourceLabel, targetLabel } from '../models/discriminator'
import { detached } from '../models/gradients'
import { agreement, diversity, meanEntropy } from '../models/information'
import { allLabelled, crossEntropy } from '../models/losses'
import { drawViews, view } from '../models/views'
import { defineMethod } from './method'

const views = viewsSchema.parse({})

export const adversarialConsistency = defineMethod(
  {
    id: 'adversarial-consistency',
    title: 'Adversarial consistency',
    about: {
      en: 'The target encoder learns to be sure of each image, to use all classes evenly, and to answer alike under small changes of the image, while it also fools a discriminator a little.',
      zh: '目标编码器学习对每张图像给出确定的预测、均衡地使用所有类别、在图像轻微变化下保持一致，同时以较小的权重骗过判别器。',
    },
    paper: {
      citation:
        'After E. Tzeng et al., CVPR 2017 (ADDA); J. Liang, D. Hu, J. Feng, ICML 2020 (SHOT-IM); W. Hu et al., ICML 2017 (IMSAT); K. Sohn et al., NeurIPS 2020 (FixMatch).',
    },
    losses: ['D', 'adversarial', 'entropy', 'diversity', 'consistency'],
    discriminator: true,
    parameters: {
      discriminatorLearningRate: {
        kind: 'number',
        initial: 1e-4,
        least: 1e-9,
        most: 10,
        usual: [1e-5, 1e-3],
        label: { en: 'Learning rate of D', zh: '判别器学习率' },
        meaning: {
          en: 'How far one step moves the discriminator down its gradient.',
          zh: '判别器每一步沿梯度下降的步长。',
        },
      },
      adversarialWeight: {
        kind: 'number',
        initial: 0.1,
        least: 0,
        most: 1000,
        usual: [0, 0.3],
        label: { en: 'Adversarial weight', zh: '对抗权重' },
        meaning: {
          en: 'How much fooling the discriminator counts; much more than 0.1 tears the classes apart.',
          zh: '骗过判别器这一项的权重；远大于 0.1 时会破坏类别结构。',
        },
      },
      informationWeight: {
        kind: 'number',
        initial: 1,
        least: 0,
        most: 1000,
        usual: [0.5, 2],
        label: { en: 'Information weight', zh: '信息最大化权重' },
        meaning: {
          en: 'How much sure and evenly spread predictions count.',
          zh: '预测既确定又在各类别间均衡这一项的权重。',
        },
      },
      consistencyWeight: {
        kind: 'number',
        initial: 1,
        least: 0,
        most: 1000,
        usual: [0.5, 2],
        label: { en: 'Consistency weight', zh: '一致性权重' },
        meaning: {
          en: 'How much the same prediction under a view of the image counts.',
          zh: '图像变换前后预测一致这一项的权重。',
        },
      },
    },
  },
  ({ MT, C, adaptation: { optimiser, learningRate }, background, values, create }) => {
    const D = create('discriminator', discriminator('relu'))
    return {
      networks: [D],
      learners: [
        { network: D, optimiser, learningRate: values.discriminatorLearningRate },
        { network: MT, optimiser, learningRate },
      ],
      optimisersLast: 'run',
      weights: () => ({
        adversarial: values.adversarialWeight,
        information: values.informationWeight,
        consistency: values.consistencyWeight,
      }),
      draws: (random, { target }) => ({ views: drawViews(random, views, target) }),
      discriminate: D,

      step({ fs, xt }, { learn, weight, drawn }) {
        const [bs] = fs.shape
        const [bt] = xt.shape
        const ft = MT(xt)

        const domains = tf.concat([allLabelled(sourceLabel, bs), allLabelled(targetLabel, bt)])
        const lossD = crossEntropy(D(tf.concat([fs, ft])), domains)
        learn(lossD, D)

        const ofImage = C(ft)
        const ofView = C(MT(view(xt, drawn('views') as tf.Tensor2D, background)))
        const adversarial = crossEntropy(D(ft), allLabelled(sourceLabel, bt))
        const entropy = meanEntropy(ofImage)
        const evenness = diversity(ofImage)
        const consistency = agreement(detached(tf.softmax(ofImage)), ofView)
        const loss = tf.addN<tf.Scalar>([
          tf.mul(weight('adversarial'), adversarial),
          tf.mul(weight('information'), tf.sub(entropy, evenness)),
          tf.mul(weight('consistency'), consistency),
        ])
        learn(loss, MT)

        return { D: lossD, adversarial, entropy, diversity: evenness, consistency }
      },
    }
  },
)
