/**
 * Shared by methods that keep training on the source: MT becomes one encoder for both domains, trained together with a
 * classifier CT that starts as C. MS and C stay as the source stage left them. If no loss of a method applies CT to
 * the target, the running statistics of a CT with batch normalisation are the source's.
 */
import type * as tf from '@tensorflow/tfjs-core'
import { smoothedCrossEntropy } from '../models/losses'
import type { Adaptation, Learner, Setting } from './method'

type Shared = Pick<Setting<unknown>, 'MS' | 'C' | 'MT' | 'create' | 'adaptation'>

export function oneEncoder({ MS, C, MT, create, adaptation }: Shared) {
  const CT = create('target_classifier')
  const both = { encoder: MT, classifier: CT }
  const { optimiser, learningRate, labelSmoothing } = adaptation
  const learners: Learner[] = [MT, CT].map((network) => ({ network, optimiser, learningRate }))
  const shape = {
    copies: [
      { from: MS, to: MT },
      { from: C, to: CT },
    ],
    source: both,
    target: both,
    optimisersLast: 'run',
  } as const satisfies Partial<Adaptation>
  /** Mean cross-entropy on the source, with the experiment's label smoothing. */
  const sourceLoss = (logits: tf.Tensor2D, labels: tf.Tensor1D) =>
    smoothedCrossEntropy(logits, labels, labelSmoothing)
  return { CT, learners, sourceLoss, shape }
}
