/**
 * Target-supervised: a reference that uses the target's labels, which adaptation must do without. MT and CT start as MS
 * and C and learn the target's training images under random views a:
 *
 *   loss = CE(CT(MT(a(xt))), yt)      logits `[batch, classes]`
 *
 * It shows what this encoder can reach on this target with labels. It is neither an upper bound nor an adaptation
 * method.
 */
import { targetClassifier } from './target-classifier'
import * as tf from '@tensorflow/tfjs-core'
import { crossEntropy } from '../models/losses'
import { defineMethod } from './method'
import { oneEncoder } from './one-encoder'

export const targetSupervised = defineMethod(
  {
    id: 'target-supervised',
    title: 'Target-supervised',
    role: 'reference',
    about: {
      en: 'A reference, not a method of adaptation: it learns from the labels of the target. It says what the same encoder reaches with them.',
      zh: '这是参照而非域适应方法：它使用目标域的标签进行训练，说明同一编码器在有标签时能达到什么水平。',
    },
    references: [],
    losses: ['target'],
    networks: [targetClassifier],
    sourceJudge: 'MT',
    statistics: 'target',
    discriminator: false,
    minClasses: 1,
    parameters: {},
  },
  (setting) => {
    const { MT, augment } = setting
    const { CT, learners, shape } = oneEncoder(setting)
    return {
      ...shape,
      networks: [CT],
      learners,
      draws: (random, sizes): Record<string, tf.Tensor> =>
        augment === null ? {} : { views: augment.draw(random, sizes.target) },
      discriminate: null,

      step({ xt, yt }, { train, learn, drawn, labelled }) {
        const [G, F] = [train(MT), train(CT)]

        const seen = augment === null ? xt : augment.apply(xt, drawn('views'))
        const target = crossEntropy(F(G(seen)), yt)
        learn(
          tf.add(
            target,
            labelled((x) => F(G(x))),
          ),
          MT,
          CT,
        )

        return { target }
      },
    }
  },
)
