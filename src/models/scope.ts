/**
 * Like tf.tidy, for functions whose result holds no tensors. tf.tidy searches what a function returns for tensors to
 * keep, key by key: for a million numbers that takes 60 MB of strings.
 */
import * as tf from '@tensorflow/tfjs-core'

/** Runs `f` and frees every tensor that it made, except variables and those it asked to keep. */
export function freeing<T>(f: () => T): T {
  tf.engine().startScope()
  try {
    return f()
  } finally {
    tf.engine().endScope()
  }
}
