/** Entropy measures of predictions, without labels. Probabilities are `[batch, classes]`, results in nats. */
import * as tf from '@tensorflow/tfjs-core'

/** Entropy of each prediction, `[batch]`. */
export function entropies(logits: tf.Tensor2D): tf.Tensor1D {
  return tf.neg(tf.sum(tf.mul(tf.softmax(logits), tf.logSoftmax(logits)), 1))
}

/** Mean entropy of the predictions: how unsure they are, one by one. */
export function meanEntropy(logits: tf.Tensor2D): tf.Scalar {
  return tf.mean(entropies(logits))
}

/** Entropy of the mean prediction: how evenly the classes are used. */
export function diversity(logits: tf.Tensor2D): tf.Scalar {
  const mean = tf.mean(tf.softmax(logits), 0)
  return tf.neg(tf.sum(tf.mul(mean, tf.log(tf.add(mean, tiny)))))
}

/** Keeps the logarithm finite for a class with probability 0. */
const tiny = 1e-8

/** Cross-entropy of softmax(logits) against the probabilities `given`, mean over the batch. */
export function agreement(given: tf.Tensor2D, logits: tf.Tensor2D): tf.Scalar {
  return tf.neg(tf.mean(tf.sum(tf.mul(given, tf.logSoftmax(logits)), 1)))
}
