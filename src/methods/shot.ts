/**
 * SHOT: Liang, Hu, Feng 2020, "Do We Really Need to Access the Source Data? Source Hypothesis Transfer for Unsupervised
 * Domain Adaptation" (sections 3.2 and 3.3): information maximisation as in SHOT-IM, and pseudo-labels.
 *
 * C is frozen. MT starts as MS and learns on the target only, without source images:
 *
 *   p = softmax(C(MT(xt))) `[batch, classes]`
 *   loss of MT = mean H(p) - w H(mean p) + b CE(C(MT(xt)), y)
 *
 * The pseudo-labels y of the whole target are computed before each round, by the distance to the classes' centroids:
 *
 *   c_k = sum over x of p_k(x) g(x) / sum of p_k,   y(x) = argmin over k of the cosine distance of g(x) and c_k
 *   c_k = mean of g(x) over y(x) = k,               y(x) = argmin over k of the same distance
 *
 * g(x) is MT(x) with a 1 appended, scaled to length 1, as in the authors' code (github.com/tim-learn/SHOT,
 * object/image_target.py), and a class that no image is predicted as or labelled with gets none.
 */
import * as tf from '@tensorflow/tfjs-core'
import { diversity, meanEntropy } from '../models/information'
import { crossEntropy } from '../models/losses'
import { frozenSource } from './frozen-source'
import { defineMethod } from './method'
import { diversityWeight, termWeight } from './parameters'
import { references } from './references'
import { suggestions } from './suggestions'

/**
 * Pseudo-labels `[count]`, int32, of samples with features `[count, length]` and logits `[count, classes]`. The appended
 * 1 and the lengths are factors of the products, so that no second table of features is made.
 */
export function pseudoLabels(features: tf.Tensor2D, logits: tf.Tensor2D): tf.Tensor1D {
  const classes = logits.shape[1]
  const lengths = tf.sqrt(tf.add(tf.sum(tf.square(features), 1, true), 1))

  /** The nearest centroid, the sums of features that belong to each class by `shares` `[count, classes]`. */
  function nearest(shares: tf.Tensor2D, used: tf.Tensor1D): tf.Tensor1D {
    const scaled = tf.div<tf.Tensor2D>(shares, lengths)
    const centroids = tf.matMul(scaled, features, true)
    const appended = tf.sum(scaled, 0)
    const norms = tf.sqrt(tf.add(tf.sum(tf.square(centroids), 1), tf.square(appended)))
    const products = tf.add(tf.matMul(features, centroids, false, true), appended)
    const similarities = tf.div(products, tf.add(norms, tiny))
    return tf.argMax(tf.where(tf.greater(used, 0), similarities, -Infinity), 1)
  }

  const members = (labels: tf.Tensor1D) => tf.cast(tf.oneHot(labels, classes), 'float32') as tf.Tensor2D
  const counts = (labels: tf.Tensor1D) => tf.sum<tf.Tensor1D>(members(labels), 0)
  const first = nearest(tf.softmax(logits), counts(tf.argMax(logits, 1)))
  return nearest(members(first), counts(first))
}

/** Keeps the similarity to the centroid of an empty class finite. */
const tiny = 1e-12

export const shot = defineMethod(
  {
    id: 'shot',
    title: 'SHOT',
    role: 'adaptation',
    about: {
      en: 'SHOT-IM with pseudo-labels: before each round, every target image gets the label of the class centre that its features are nearest to, and the encoder learns these labels too.',
      zh: '在 SHOT-IM 的基础上加入伪标签：每轮开始前，按特征与各类中心的距离给每张目标图像一个标签，编码器也学习这些标签。',
    },
    references: [references.shot],
    losses: ['entropy', 'diversity', 'pseudo-labels'],
    lossNames: { 'pseudo-labels': { en: 'pseudo-labels', zh: '伪标签' } },
    networks: [],
    sourceJudge: 'MS',
    statistics: 'target',
    discriminator: false,
    minClasses: 2,
    suggested: { ...suggestions.shot, parameters: { pseudoLabelWeight: 0.1 } },
    parameters: {
      diversityWeight,
      pseudoLabelWeight: termWeight(
        0.3,
        [0.1, 0.3],
        { en: 'Pseudo-label weight', zh: '伪标签权重' },
        {
          en: 'How much the pseudo-labels count; the paper has 0.3 for photographs and 0.1 for digits.',
          zh: '伪标签在损失中所占的权重；论文对照片取 0.3，对数字取 0.1。',
        },
      ),
    },
  },
  ({ MS, MT, C, adaptation: { optimiser, learningRate } }) => ({
    ...frozenSource({ MS, MT, C }),
    networks: [],
    learners: [{ network: MT, optimiser, learningRate }],
    optimisersLast: 'run',
    draws: () => ({}),
    eachRound: ({ features, logits }) => ({ labels: tf.cast(pseudoLabels(features, logits), 'float32') }),
    discriminate: null,

    step({ xt, indices }, { train, learn, weight, ofRound, labelled }) {
      const G = train(MT)
      const predictions = C(G(xt))
      const labels = tf.cast(tf.gather(ofRound('labels'), indices.target), 'int32') as tf.Tensor1D

      const entropy = meanEntropy(predictions)
      const evenness = diversity(predictions)
      const pseudo = crossEntropy(predictions, labels)
      const loss = tf.addN<tf.Scalar>([
        tf.sub(entropy, tf.mul(weight('diversityWeight'), evenness)),
        tf.mul(weight('pseudoLabelWeight'), pseudo),
        labelled((x) => C(G(x))),
      ])
      learn(loss, MT)

      return { entropy, diversity: evenness, 'pseudo-labels': pseudo }
    },
  }),
)
