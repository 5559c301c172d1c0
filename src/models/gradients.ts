/**
 * Gradients in the way papers write them: compute losses, then ask for the gradient of each with respect to
 * some variables, in the middle of a step if need be. One recording serves all: a forward pass that two losses
 * share runs once.
 */
import * as tf from '@tensorflow/tfjs-core'

/** Runs `f` and keeps what gradients need to know of it until `f` has returned. `f` returns one tensor. */
export function recorded<T extends tf.Tensor>(f: () => T): T {
  return tf.tidy(() => {
    // Asking for a gradient opens the recording; with respect to a tensor that `f` never sees, there is none.
    const unseen = tf.scalar(0)
    return tf.engine().gradients(f, [unseen], undefined, true).value
  })
}

const stop = tf.customGrad((x) => ({
  value: tf.clone(x as tf.Tensor),
  gradFunc: (slope: tf.Tensor) => tf.zerosLike(slope),
}))

/** The same values, through which no gradient flows: what a paper writes as stop-gradient. */
export function detached<T extends tf.Tensor>(x: T): T {
  return stop(x) as T
}

/**
 * Gradient reversal (Ganin et al. 2016, section 4.2): the same values forwards; backwards, the gradient times
 * -strength, so that what lies before it climbs where what lies behind it descends.
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
 * The gradients of `loss` with respect to `variables`. Inside `recorded` only. A variable that was assigned
 * after the loss was computed counts with the value that it had then.
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
