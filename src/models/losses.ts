/** Losses that more than one stage or method uses. Each is a mean over the batch. */
import * as tf from '@tensorflow/tfjs-core'

/** Cross-entropy of softmax(logits) `[batch, classes]` against labels `[batch]` (int32), in nats. */
export function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  const hits = tf.oneHot(labels, logits.shape[1])
  return tf.neg(tf.mean(tf.sum(tf.mul(hits, tf.logSoftmax(logits)), 1)))
}

/** `count` times the same label. */
export function allLabelled(label: number, count: number): tf.Tensor1D {
  return tf.fill([count], label, 'int32')
}
