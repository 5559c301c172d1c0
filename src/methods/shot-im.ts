/**
 * SHOT-IM: Liang, Hu, Feng 2020, "Do We Really Need to Access the Source Data? Source Hypothesis Transfer for
 * Unsupervised Domain Adaptation" (section 3.2): information maximisation alone, without pseudo-labels.
 *
 * C is frozen. MT starts as MS and learns on the target only, without source images:
 *
 *   p = softmax(C(MT(xt))) `[batch, classes]`
 *   loss of MT = mean H(p) - w H(mean p)      (equations 2 and 3): confident for each image, balanced over classes
 */
import * as tf from '@tensorflow/tfjs-core'
import { diversity, meanEntropy } from '../models/information'
import { frozenSource } from './frozen-source'
import { defineMethod } from './method'
import { diversityWeight } from './parameters'
import { references } from './references'
import { suggestions } from './suggestions'

export const shotIm = defineMethod(
  {
    id: 'shot-im',
    title: 'SHOT-IM',
    role: 'adaptation',
    about: {
      en: 'The classifier stays frozen, the source is not seen again: the target encoder learns to be sure of each image and to use all classes evenly.',
      zh: '分类器保持冻结，也不再使用源域数据：目标编码器学习对每张图像给出确定的预测，并均衡地使用所有类别。',
    },
    references: [references.shot],
    losses: ['entropy', 'diversity'],
    networks: [],
    sourceJudge: 'MS',
    statistics: 'target',
    discriminator: false,
    minClasses: 2,
    suggested: suggestions.shot,
    parameters: { diversityWeight },
  },
  ({ MS, MT, C, adaptation: { optimiser, learningRate } }) => ({
    ...frozenSource({ MS, MT, C }),
    networks: [],
    learners: [{ network: MT, optimiser, learningRate }],
    optimisersLast: 'run',
    draws: () => ({}),
    discriminate: null,

    step({ xt }, { train, learn, weight, labelled }) {
      const G = train(MT)
      const predictions = C(G(xt))

      const entropy = meanEntropy(predictions)
      const evenness = diversity(predictions)
      const information: tf.Scalar = tf.sub(entropy, tf.mul(weight('diversityWeight'), evenness))
      learn(
        tf.add(
          information,
          labelled((x) => C(G(x))),
        ),
        MT,
      )

      return { entropy, diversity: evenness }
    },
  }),
)
