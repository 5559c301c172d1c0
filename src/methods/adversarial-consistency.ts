/**
 * Adversarial consistency: a small adversarial term and two terms that need only the target.
 *
 *   p = softmax(C(MT(x))),  q = softmax(C(MT(a(x)))),  a: a random view of the image
 *
 *   loss of MT =  w CE(D(MT(x)), source)          adversarial (ADDA, Tzeng et al. 2017)
 *               + mean H(p) - H(mean p)           information maximisation (RIM, Krause et al. 2010, eq. 3;
 *                                                 SHOT-IM, Liang et al. 2020, section 3.2)
 *               + CE(stop-gradient(p), q)         consistency under views (IMSAT, Hu et al. 2017;
 *                                                 FixMatch, Sohn et al. 2020)
 *
 * D is trained as in ADDA: first in each step, on features of both domains in the same mode. MS and C are frozen; the
 * source stage should also use random views.
 */
import * as tf from '@tensorflow/tfjs-core'
import { discriminator } from '../networks/discriminator'
import { domainLabels, sourceLabel } from '../models/discriminator'
import { detached } from '../models/gradients'
import { agreement, diversity, meanEntropy } from '../models/information'
import { allLabelled, crossEntropy } from '../models/losses'
import { frozenSource } from './frozen-source'
import { defineMethodWithViews } from './method'
import { consistencyWeight, discriminatorLearningRate, informationWeight, termWeight } from './parameters'
import { references } from './references'
import { suggestions } from './suggestions'

export const adversarialConsistency = defineMethodWithViews(
  {
    id: 'adversarial-consistency',
    title: 'Adversarial consistency',
    role: 'adaptation',
    about: {
      en: 'The target encoder learns to be sure of each image, to use all classes evenly, and to answer alike under small changes of the image, while it also fools a discriminator a little.',
      zh: '目标编码器学习对每张图像给出确定的预测、均衡地使用所有类别、在图像轻微变化下保持一致，同时以较小的权重骗过判别器。',
    },
    references: [references.adda, references.shot, references.imsat, references.fixMatch, references.rim],
    losses: ['D', 'adversarial', 'entropy', 'diversity', 'consistency'],
    networks: [{ id: 'discriminator', layers: discriminator('features', 'always') }],
    sourceJudge: 'MS',
    statistics: 'target',
    discriminator: true,
    minClasses: 2,
    suggested: suggestions.adversarialConsistency,
    parameters: {
      discriminatorLearningRate: discriminatorLearningRate(1e-4),
      adversarialWeight: termWeight(
        0.1,
        [0, 0.3],
        { en: 'Adversarial weight', zh: '对抗权重' },
        {
          en: 'How much fooling the discriminator counts; much more than 0.1 tears the classes apart.',
          zh: '骗过判别器这一项的权重；远大于 0.1 时会破坏类别结构。',
        },
      ),
      informationWeight,
      consistencyWeight,
    },
  },
  ({ MS, MT, C, adaptation, augment, values, create }) => {
    const { optimiser, learningRate } = adaptation
    const D = create('discriminator')
    return {
      ...frozenSource({ MS, MT, C }),
      networks: [D],
      learners: [
        { network: D, optimiser, learningRate: values.discriminatorLearningRate },
        { network: MT, optimiser, learningRate },
      ],
      optimisersLast: 'run',
      draws: (random, { target }) => ({ views: augment.draw(random, target) }),
      discriminate: D,

      step({ fs, xt }, { train, learn, weight, drawn, labelled }) {
        const [bs] = fs.shape
        const [bt] = xt.shape
        const G = train(MT)
        const ft = G(xt)

        const lossD = crossEntropy(D(tf.concat([fs, ft])), domainLabels(bs, bt))
        learn(lossD, D)

        const ofImage = C(ft)
        const ofView = C(G(augment.apply(xt, drawn('views'))))
        const adversarial = crossEntropy(D(ft), allLabelled(sourceLabel, bt))
        const entropy = meanEntropy(ofImage)
        const evenness = diversity(ofImage)
        const consistency = agreement(detached(tf.softmax(ofImage)), ofView)
        const loss = tf.addN<tf.Scalar>([
          tf.mul(weight('adversarialWeight'), adversarial),
          tf.mul(weight('informationWeight'), tf.sub(entropy, evenness)),
          tf.mul(weight('consistencyWeight'), consistency),
          labelled((x) => C(G(x))),
        ])
        learn(loss, MT)

        return { D: lossD, adversarial, entropy, diversity: evenness, consistency }
      },
    }
  },
)
