/**
 * Gradients as papers write them: a step computes losses, then takes the gradient of each with respect to some
 * variables, at any point. One recording serves all gradients, so a forward pass shared by two losses runs once.
 */
import * as tf from '@tensorflow/tfjs-core'

/** Runs `f` and keeps the tape for gradients until `f` returns. `f` returns one tensor. */
export function recorded<T extends tf.Tensor>(f: () => T): T {
  return tf.tidy(() => {
    // Requesting a gradient starts the recording. `f` does not use this tensor, so no gradient is computed for it.
    const unseen = tf.scalar(0)
    return tf.engine().gradients(f, [unseen], undefined, true).value
  })
}

const stop = tf.customGrad((x) => ({
  value: tf.clone(x as tf.Tensor),
  gradFunc: (slope: tf.Tensor) => tf.zerosLike(slope),
}))

/** The same values without a gradient: stop-gradient. */
export function detached<T extends tf.Tensor>(x: T): T {
  return stop(x) as T
}

/**
 * Gradient reversal (Ganin et al. 2016, section 4.2). Forward: the identity. Backward: the gradient times -strength,
 * so that layers before it ascend the loss that layers after it descend.
 */
export function reversed<T extends tf.Tensor>(x: T, strength: tf.Scalar): T {
  const reverse = tf.customGrad((input) => ({
    value: tf.clone(input as tf.Tensor),
    gradFunc: (slope: tf.Tensor) => tf.neg(tf.mul(slope, strength)),
  }))
  return reverse(x) as T
}

/** For each variable, the gradient of a loss with respect to it. */
export type Gradients = ReadonlyMap<tf.Variable, tf.Tensor>

/**
 * The gradients of `loss` with respect to `variables`; only inside `recorded`. If a variable was assigned after the
 * loss was computed, its earlier value counts.
 */
export function gradients(loss: tf.Scalar, variables: readonly tf.Variable[]): Gradients {
  const { grads } = tf.engine().gradients(() => loss, [...variables], undefined, true)
  return new Map(
    variables.map((variable, index) => {
      const gradient = grads[index]
      if (gradient === undefined) throw new Error(`the loss does not depend on variable ${variable.name}`)
      return [variable, gradient]
    }),
  )
}
