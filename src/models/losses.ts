/** Losses that more than one stage or method uses. */
import * as tf from '@tensorflow/tfjs-core'

/** Cross-entropy of each row of softmax(logits) `[batch, classes]` against labels `[batch]` (int32), in nats. */
export function crossEntropies(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D {
  const hits = tf.oneHot(labels, logits.shape[1])
  return tf.neg(tf.sum(tf.mul(hits, tf.logSoftmax(logits)), 1))
}

/** The mean cross-entropy over the batch. */
export function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  return tf.mean(crossEntropies(logits, labels))
}

/**
 * Mean cross-entropy against smoothed labels (Szegedy et al. 2016, section 7): a share `smoothing` of each label is
 * spread evenly over all classes.
 */
export function smoothedCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D, smoothing: number): tf.Scalar {
  if (smoothing === 0) return crossEntropy(logits, labels)
  const evenly = tf.neg(tf.mean(tf.logSoftmax(logits)))
  return tf.add(tf.mul(crossEntropy(logits, labels), 1 - smoothing), tf.mul(evenly, smoothing))
}

/** `count` times the same label. */
export function allLabelled(label: number, count: number): tf.Tensor1D {
  return tf.fill([count], label, 'int32')
}
