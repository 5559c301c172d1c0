/**
 * The no-source control: what training on target images alone achieves. MT starts at random, not as MS, and learns only
 * by information maximisation and consistency (as in adversarial-consistency), on a frozen classifier F:
 *
 *   p = softmax(F(MT(x))),  q = softmax(F(MT(a(x))))   `[batch, classes]`,  a: a random view of the image
 *   loss of MT = u (mean H(p) - H(mean p)) + v CE(stop-gradient(p), q)
 *
 * F is C, the only part taken from the source, or also random (weak on `lenet-mlp`: its running statistics are initial
 * and its logits are small). If this control separates the target's classes, a method that also does so has not shown
 * that anything was transferred.
 */
import { targetClassifier } from './target-classifier'
import * as tf from '@tensorflow/tfjs-core'
import { detached } from '../models/gradients'
import { agreement, diversity, meanEntropy } from '../models/information'
import { defineMethodWithViews } from './method'
import { consistencyWeight, informationWeight } from './parameters'
import { references } from './references'

export const noSource = defineMethodWithViews(
  {
    id: 'no-source',
    title: 'No-source control',
    role: 'control',
    about: {
      en: 'A control, not a method: the target encoder starts at random and sees the target alone. What it separates, the images separate by themselves, without any source.',
      zh: '这是对照实验而非方法：目标编码器随机初始化，只看目标域。它能分开的类别，是图像自身就能分开的，与源域无关。',
    },
    references: [references.rim, references.imsat],
    losses: ['entropy', 'diversity', 'consistency'],
    networks: [targetClassifier],
    sourceJudge: 'MS',
    statistics: 'target',
    discriminator: false,
    minClasses: 2,
    parameters: {
      classifier: {
        kind: 'choice',
        initial: 'source',
        choices: ['source', 'random'],
        label: { en: 'Classifier', zh: '分类器' },
        meaning: {
          en: 'What the encoder learns on: the classifier of the source, or a random one; both stay frozen.',
          zh: '编码器依托的分类器：源域的分类器或随机分类器；两者都保持冻结。',
        },
      },
      informationWeight,
      consistencyWeight,
    },
  },
  ({ MS, MT, C, adaptation, augment, values, create }) => {
    const { optimiser, learningRate } = adaptation
    const F = values.classifier === 'source' ? C : create('target_classifier')
    return {
      networks: F === C ? [] : [F],
      copies: [],
      source: { encoder: MS, classifier: C },
      target: { encoder: MT, classifier: F },
      learners: [{ network: MT, optimiser, learningRate }],
      optimisersLast: 'run',
      draws: (random, { target }) => ({ views: augment.draw(random, target) }),
      discriminate: null,

      step({ xt }, { train, learn, weight, drawn, labelled }) {
        const G = train(MT)
        const ofImage = F(G(xt))
        const ofView = F(G(augment.apply(xt, drawn('views'))))

        const entropy = meanEntropy(ofImage)
        const evenness = diversity(ofImage)
        const consistency = agreement(detached(tf.softmax(ofImage)), ofView)
        const loss = tf.addN<tf.Scalar>([
          tf.mul(weight('informationWeight'), tf.sub(entropy, evenness)),
          tf.mul(weight('consistencyWeight'), consistency),
          labelled((x) => F(G(x))),
        ])
        learn(loss, MT)

        return { entropy, diversity: evenness, consistency }
      },
    }
  },
)
