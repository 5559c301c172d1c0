/** Networks are created one after another, and the tensors of a later one may be missing or have the wrong shape. */
import * as tf from '@tensorflow/tfjs-core'

/** The result of `create`. If it throws, the variables that it had created by then are freed. */
export function createdOrFreed<T>(create: () => T): T {
  const { registeredVariables } = tf.engine()
  const before = new Set(Object.keys(registeredVariables))
  try {
    return create()
  } catch (error) {
    for (const [name, variable] of Object.entries(registeredVariables))
      if (!before.has(name)) variable.dispose()
    throw error
  }
}
