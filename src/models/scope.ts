/** Like tf.tidy, for functions whose result holds no tensors that should be let go. */
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
