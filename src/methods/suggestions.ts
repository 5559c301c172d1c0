/** Suggested settings of the methods, with their origin; docs/tuning.md gives the evidence for each. */
import type { Suggestion } from '../contract/method'
import type { Wording } from '../contract/parameter'

const ofAuthors: Wording = { en: 'the authors’ own code for digits', zh: '作者公开的数字实验代码' }
const ofPaper: Wording = { en: 'the paper', zh: '论文' }
const ofLab: Wording = {
  en: 'this lab’s recipe, found on these very digits',
  zh: '本实验室的方案，正是在这些数字上找到的',
}

const adam = (beta1: number, beta2: number) => ({ kind: 'adam', beta1, beta2, epsilon: 1e-8 }) as const
const sgd = (weightDecay: number, nesterov = false) =>
  ({ kind: 'sgd', momentum: 0.9, nesterov, weightDecay }) as const

export const suggestions = {
  /** github.com/erictzeng/adda, scripts/svhn-mnist.sh. */
  adda: {
    from: ofAuthors,
    adaptation: { learningRate: 2e-4, batch: 128, optimiser: adam(0.5, 0.999), schedule: 'constant' },
    parameters: { discriminatorLearningRate: 2e-4, discriminatorActivation: 'relu' },
  },
  /** Half of each batch of 128 comes from the source. */
  dann: {
    from: ofPaper,
    adaptation: { learningRate: 0.01, batch: 64, optimiser: sgd(0), schedule: 'inverse' },
    parameters: { discriminatorLearningRate: 0.01 },
  },
  /** github.com/thuml/CDAN, pytorch/train_uspsmnist.py; that code halves the rate after half of the epochs. */
  cdan: {
    from: ofAuthors,
    adaptation: { learningRate: 0.01, batch: 64, optimiser: sgd(5e-4), schedule: 'constant' },
    parameters: { discriminatorLearningRate: 0.01 },
  },
  /** github.com/mil-tokyo/MCD_DA, classification/main.py and model/usps.py. */
  mcd: {
    from: ofAuthors,
    encoder: 'lenet-mlp',
    adaptation: { learningRate: 2e-4, batch: 128, optimiser: adam(0.9, 0.999), schedule: 'constant' },
  },
  /** github.com/tim-learn/SHOT, digit/uda_digit.py. */
  shot: {
    from: ofAuthors,
    encoder: 'lenet-bn',
    adaptation: { learningRate: 0.01, batch: 64, optimiser: sgd(1e-3, true), schedule: 'inverse' },
  },
  /** github.com/Britefury/self-ensemble-visual-domain-adapt. */
  meanTeacher: {
    from: ofAuthors,
    adaptation: { learningRate: 1e-3, batch: 64, optimiser: adam(0.9, 0.999), schedule: 'constant' },
  },
  adversarialConsistency: {
    from: ofLab,
    adaptation: { learningRate: 3e-4, batch: 64, optimiser: adam(0.5, 0.99), schedule: 'cosine' },
  },
  teacherConsistency: {
    from: ofLab,
    adaptation: { learningRate: 3e-4, batch: 64, optimiser: adam(0.9, 0.999), schedule: 'cosine' },
  },
} as const satisfies Record<string, Suggestion>
