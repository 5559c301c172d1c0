/**
 * Teacher consistency: information maximisation, consistency with a teacher that averages MT over time, and the loss on
 * the source; no discriminator. MT starts as MS and becomes one encoder for both domains, with the frozen C:
 *
 *   p = softmax(C(T(x))), q_i = softmax(C(MT(a_i(x))))   `[batch, classes]`;   x: target, a_1, a_2: two random views
 *
 *   loss of MT = u (mean H(q) - H(mean q))            information maximisation over both views (Krause et al. 2010,
 *                                                     equation 3; SHOT-IM, Liang et al. 2020)
 *              + v (CE(p, q_1) + CE(p, q_2)) / 2      consistency (French et al. 2018; FixMatch, Sohn et al. 2020)
 *              + w CE(C(MT(xs)), ys)                  the source, as the source stage shows it
 *   T = decay T + (1 - decay) MT, after each step     the teacher (Tarvainen, Valpola 2017); starts as MS
 *
 * C(MT(x)) classifies both domains. With w = 0 the source is left out, which shows how MT forgets it. The source stage
 * should use random views whose range of scales covers the target's.
 */
import * as tf from '@tensorflow/tfjs-core'
import { detached } from '../models/gradients'
import { agreement, diversity, meanEntropy } from '../models/information'
import { smoothedCrossEntropy } from '../models/losses'
import { follow } from '../models/network'
import { defineMethodWithViews } from './method'
import { averageDecay, consistencyWeight, informationWeight, termWeight } from './parameters'
import { references } from './references'
import { suggestions } from './suggestions'

export const teacherConsistency = defineMethodWithViews(
  {
    id: 'teacher-consistency',
    title: 'Teacher consistency',
    role: 'adaptation',
    about: {
      en: 'The target encoder learns to be sure, to use all classes evenly and to answer under two views of an image as a teacher does on the image itself, and keeps learning the source. The teacher is its average over time.',
      zh: '目标编码器学习给出确定的预测、均衡地使用所有类别，并使图像两种变换下的预测与教师网络对原图的预测一致，同时继续学习源域。教师是它自身权重的滑动平均。',
    },
    references: [
      references.selfEnsembling,
      references.shot,
      references.meanTeacher,
      references.fixMatch,
      references.rim,
    ],
    losses: ['source', 'entropy', 'diversity', 'consistency'],
    networks: [{ id: 'teacher_encoder', like: 'encoder' }],
    sourceJudge: 'MT',
    statistics: 'mixture',
    discriminator: false,
    minClasses: 2,
    suggested: suggestions.teacherConsistency,
    parameters: {
      teacherDecay: averageDecay(0.99),
      informationWeight,
      consistencyWeight,
      sourceWeight: termWeight(
        1,
        [0, 1],
        { en: 'Source weight', zh: '源域权重' },
        {
          en: 'How much telling the classes of the source counts; 0 leaves the source out.',
          zh: '区分源域类别这一项的权重；取 0 时不再使用源域。',
        },
      ),
    },
  },
  ({ MS, MT, C, adaptation, augment, values, create }) => {
    const { optimiser, learningRate, labelSmoothing } = adaptation
    const teacher = create('teacher_encoder')
    const both = { encoder: MT, classifier: C }
    return {
      networks: [teacher],
      copies: [MT, teacher].map((to) => ({ from: MS, to })),
      source: both,
      target: both,
      learners: [{ network: MT, optimiser, learningRate }],
      optimisersLast: 'run',
      draws: (random, { target }) => ({
        first: augment.draw(random, target),
        second: augment.draw(random, target),
      }),
      discriminate: null,

      step({ xs, ys, xt }, { train, learn, weight, drawn, labelled }) {
        const G = train(MT)
        const under = (name: string) => C(G(augment.apply(xt, drawn(name))))

        const given = detached(tf.softmax(C(train(teacher)(xt))))
        const views = [under('first'), under('second')] as const
        const all = tf.concat<tf.Tensor2D>([...views])
        const entropy = meanEntropy(all)
        const evenness = diversity(all)
        const [one, other] = views.map((own) => agreement(given, own)) as [tf.Scalar, tf.Scalar]
        const consistency = tf.div<tf.Scalar>(tf.add(one, other), 2)
        const source = smoothedCrossEntropy(C(G(xs)), ys, labelSmoothing)
        const loss = tf.addN<tf.Scalar>([
          tf.mul(weight('informationWeight'), tf.sub(entropy, evenness)),
          tf.mul(weight('consistencyWeight'), consistency),
          tf.mul(weight('sourceWeight'), source),
          labelled((x) => C(G(x))),
        ])
        learn(loss, MT)
        follow(MT, teacher, values.teacherDecay)

        return { source, entropy, diversity: evenness, consistency }
      },
    }
  },
)
