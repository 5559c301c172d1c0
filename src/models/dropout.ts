/**
 * Dropout (Srivastava et al. 2014): while a network learns, each value is left out with a probability, and the
 * others are scaled so that the sum stays the same on average. Which ones is a function of a seed, which comes into
 * a step as a tensor: so the step repeats and resumes exactly, and can be compiled.
 */
import * as tf from '@tensorflow/tfjs-core'
import { registerOperation } from '../native/operation'

/** A new seed `[2]`, int32, a call: what the dropouts of one step draw from. */
export type Seeds = () => tf.Tensor1D

/** Seeds derived from the one that a step is given, `[2]`, int32, counted from the step's beginning. */
export function seedsFrom(seed: () => tf.Tensor1D): Seeds {
  let calls = 0
  return () => tf.add(seed(), tf.tensor1d([0, calls++], 'int32'))
}

/**
 * `x` `[batch, ...]` with a share of its values left out; all of them are kept where `seeds` is null.
 * @param shape what is drawn for: `[batch, 1, 1, maps]` leaves out whole maps (Tompson et al. 2015)
 */
export function dropout<T extends tf.Tensor>(x: T, share: number, shape: number[], seeds: Seeds | null): T {
  if (seeds === null) return x
  const kept = tf.greaterEqual(uniform(shape, seeds()), share)
  return tf.mul(x, tf.div(tf.cast(kept, 'float32'), 1 - share))
}

const kernelName = 'StatelessRandomUniform'

/** Numbers in [0, 1) that depend on the seed alone (Salmon et al. 2011, Philox). */
function uniform(shape: number[], seed: tf.Tensor1D): tf.Tensor {
  registerOperation<{ seed: tf.Tensor1D }, { shape: number[] }>(
    kernelName,
    kernelName,
    { dtype: 'float32', T: 'int32', Tseed: 'int32' },
    (inputs, attrs) => [tf.tensor1d(attrs.shape, 'int32'), inputs.seed],
  )
  return tf.engine().runKernel(kernelName, { seed }, { shape })
}
