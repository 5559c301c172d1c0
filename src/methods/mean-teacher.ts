/**
 * Mean teacher, or self-ensembling: French, Mackiewicz, Fisher 2018, "Self-ensembling for visual domain adaptation"
 * (section 3), after Tarvainen and Valpola 2017.
 *
 * A student learns the source and, on the target, to match its teacher's predictions under another random view. The
 * teacher is a moving average of the student and makes the final predictions:
 *
 *   p = softmax(teacher(a(xt))), q = softmax(student(a'(xt)))   `[batch, classes]`;   a, a': random views
 *   loss of the student = CE(student(xs), ys)
 *                       + w mean over the batch of [max p > t] mean over classes (p - q)^2
 *                       + b mean over the batch of [max p > t] * sum over classes BCE(1 / classes, mean q)
 *   teacher = decay teacher + (1 - decay) student, after each step
 *
 * The teacher is MT and CT, the student `student_encoder` and `student_classifier`; all start as MS and C. Source and
 * target are normalised as separate batches, as in the paper, and the teacher sees only the target.
 */
import * as tf from '@tensorflow/tfjs-core'
import { detached } from '../models/gradients'
import { follow } from '../models/network'
import { defineMethodWithViews } from './method'
import { oneEncoder } from './one-encoder'
import { averageDecay, termWeight } from './parameters'
import { targetClassifier } from './target-classifier'
import { references } from './references'
import { suggestions } from './suggestions'

/** Rows of predictions `[batch, classes]` with a confidence above the threshold, `[batch]`: 1 or 0. */
function sureRows(predictions: tf.Tensor2D, threshold: number): tf.Tensor1D {
  return tf.cast(tf.greater(tf.max(predictions, 1), threshold), 'float32')
}

/** The mean squared difference of two predictions `[batch, classes]`, over rows where `given` is confident enough. */
export function surelyConsistent(given: tf.Tensor2D, own: tf.Tensor2D, threshold: number): tf.Scalar {
  const each = tf.mean(tf.square(tf.sub(given, own)), 1)
  return tf.mean(tf.mul(each, sureRows(given, threshold)))
}

/**
 * Binary cross-entropy between the mean prediction and the uniform distribution, times the share of rows of `given`
 * that are confident enough (section 3.4, class balance).
 */
export function classBalance(given: tf.Tensor2D, own: tf.Tensor2D, threshold: number): tf.Scalar {
  const even = 1 / own.shape[1]
  const used = tf.clipByValue(tf.mean(own, 0), 1e-6, 1 - 1e-6)
  const log = (x: tf.Tensor) => tf.log(x)
  const each = tf.add(tf.mul(log(used), even), tf.mul(log(tf.sub(1, used)), 1 - even))
  return tf.mul(tf.neg(tf.sum(each)), tf.mean(sureRows(given, threshold)))
}

export const meanTeacher = defineMethodWithViews(
  {
    id: 'mean-teacher',
    title: 'Mean teacher',
    role: 'adaptation',
    about: {
      en: 'A student learns the source and, on the target, to answer as its teacher does under another view of the image; the teacher is the average of the student over time, and judges.',
      zh: '学生网络学习源域，并在目标域上学习与教师网络对同一图像另一种变换的预测保持一致；教师是学生权重的滑动平均，由教师给出预测。',
    },
    references: [references.selfEnsembling, references.meanTeacher],
    losses: ['source', 'consistency', 'balance'],
    networks: [
      targetClassifier,
      { id: 'student_encoder', like: 'encoder' },
      { id: 'student_classifier', like: 'classifier' },
    ],
    sourceJudge: 'MT',
    statistics: 'target',
    discriminator: false,
    minClasses: 2,
    suggested: suggestions.meanTeacher,
    parameters: {
      teacherDecay: averageDecay(0.99),
      consistencyWeight: termWeight(
        3,
        [1, 10],
        { en: 'Consistency weight', zh: '一致性权重' },
        {
          en: 'How much answering as the teacher does counts.',
          zh: '与教师预测保持一致这一项的权重。',
        },
      ),
      confidenceThreshold: {
        kind: 'number',
        initial: 0.968,
        least: 0,
        most: 1,
        usual: [0.9, 0.97],
        label: { en: 'Confidence threshold', zh: '置信度阈值' },
        meaning: {
          en: 'How sure the teacher must be of an image for it to count.',
          zh: '教师对一张图像的把握超过此值，该图像才计入损失。',
        },
      },
      balanceWeight: termWeight(
        // The authors' weight is 0.005, and their unsupervised weight, 3, multiplies it.
        0.015,
        [0, 0.05],
        { en: 'Balance weight', zh: '类别均衡权重' },
        { en: 'How much even use of all classes counts.', zh: '均衡使用所有类别这一项的权重。' },
      ),
    },
  },
  (setting) => {
    const { MS, MT, C, adaptation, augment, values, create } = setting
    const { optimiser, learningRate } = adaptation
    const { CT, sourceLoss, shape } = oneEncoder(setting)
    const student = {
      encoder: create('student_encoder'),
      classifier: create('student_classifier'),
    }
    const learning = [student.encoder, student.classifier]
    return {
      ...shape,
      copies: [...shape.copies, { from: MS, to: student.encoder }, { from: C, to: student.classifier }],
      networks: [CT, ...learning],
      learners: learning.map((network) => ({ network, optimiser, learningRate })),
      draws: (random, { target }) => ({
        forTeacher: augment.draw(random, target),
        forStudent: augment.draw(random, target),
      }),
      discriminate: null,

      step({ xs, ys, xt }, { train, learn, weight, drawn, labelled }) {
        const [G, F] = [train(student.encoder), train(student.classifier)]
        const seen = (name: string) => augment.apply(xt, drawn(name))

        const source = sourceLoss(F(G(xs)), ys)
        const given = detached(tf.softmax(train(CT)(train(MT)(seen('forTeacher')))))
        const own = tf.softmax(F(G(seen('forStudent'))))
        const consistency = surelyConsistent(given, own, values.confidenceThreshold)
        const balance = classBalance(given, own, values.confidenceThreshold)
        const loss = tf.addN<tf.Scalar>([
          source,
          tf.mul(weight('consistencyWeight'), consistency),
          tf.mul(weight('balanceWeight'), balance),
          labelled((x) => F(G(x))),
        ])
        learn(loss, ...learning)
        follow(student.encoder, MT, values.teacherDecay)
        follow(student.classifier, CT, values.teacherDecay)

        return { source, consistency, balance }
      },
    }
  },
)
