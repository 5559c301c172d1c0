/** Parameters shared by several methods. */
import type { NumberParameter, TermWeight, Wording } from '../contract/parameter'

/** The weight of a loss term. A step gets it by the name of its parameter. */
export function termWeight(
  initial: number,
  usual: readonly [number, number],
  label: Wording,
  meaning: Wording,
  weight: TermWeight = { schedule: 'constant' },
): NumberParameter {
  return { kind: 'number', initial, least: 0, most: 1000, usual, label, meaning, weight }
}

export function discriminatorLearningRate(initial: number): NumberParameter {
  return {
    kind: 'number',
    initial,
    least: 1e-9,
    most: 10,
    usual: [1e-5, 1e-3],
    label: { en: 'Learning rate of D', zh: '判别器学习率' },
    meaning: {
      en: 'How far one step moves the discriminator down its gradient.',
      zh: '判别器每一步沿梯度下降的步长。',
    },
  }
}

/** The decay of an average of weights over the steps. */
export function averageDecay(initial: number): NumberParameter {
  return {
    kind: 'number',
    initial,
    least: 0,
    most: 0.99999,
    usual: [0.99, 0.999],
    label: { en: 'Teacher decay', zh: '教师衰减率' },
    meaning: {
      en: "How much of the teacher's weights stays in each step; the rest comes from the network that learns.",
      zh: '每一步教师网络权重保留的比例，其余部分取自正在学习的网络。',
    },
  }
}

export const informationWeight = termWeight(
  1,
  [0.5, 2],
  { en: 'Information weight', zh: '信息最大化权重' },
  {
    en: 'How much sure and evenly spread predictions count.',
    zh: '预测既确定又在各类别间均衡这一项的权重。',
  },
)

export const diversityWeight = termWeight(
  1,
  [0.5, 2],
  { en: 'Diversity weight', zh: '多样性权重' },
  { en: 'How much even use of all classes counts.', zh: '均衡使用所有类别这一项的权重。' },
)

export const consistencyWeight = termWeight(
  1,
  [0.5, 2],
  { en: 'Consistency weight', zh: '一致性权重' },
  {
    en: 'How much the same prediction under a view of the image counts.',
    zh: '图像变换前后预测一致这一项的权重。',
  },
)
