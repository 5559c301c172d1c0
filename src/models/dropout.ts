/**
 * Dropout (Srivastava et al. 2014): during training, each value is dropped with a given probability, and the others
 * are scaled so that the expected sum stays the same. The choice depends only on a seed, which is an input tensor of
 * the step. The step can therefore be repeated and resumed exactly, and compiled.
 */
import * as tf from '@tensorflow/tfjs-core'
import { registerOperation } from '../native/operation'

/** Returns a new seed `[2]`, int32, on each call. All dropout of one step draws from these. */
export type Seeds = () => tf.Tensor1D

/** Seeds derived from the seed of a step, `[2]`, int32, by a counter that starts with the step. */
export function seedsFrom(seed: () => tf.Tensor1D): Seeds {
  let calls = 0
  return () => tf.add(seed(), tf.tensor1d([0, calls++], 'int32'))
}

/**
 * Drops a share of the values of `x` `[batch, ...]`; keeps all of them if `seeds` is null.
 * @param shape the shape of the random mask: `[batch, 1, 1, maps]` drops whole maps (Tompson et al. 2015)
 */
export function dropout<T extends tf.Tensor>(x: T, share: number, shape: number[], seeds: Seeds | null): T {
  if (seeds === null) return x
  const kept = tf.greaterEqual(uniform(shape, seeds()), share)
  return tf.mul(x, tf.div(tf.cast(kept, 'float32'), 1 - share))
}

const kernelName = 'StatelessRandomUniform'

/** Numbers in [0, 1) that depend only on the seed (Salmon et al. 2011, Philox). */
function uniform(shape: number[], seed: tf.Tensor1D): tf.Tensor {
  registerOperation<{ seed: tf.Tensor1D }, { shape: number[] }>(
    kernelName,
    kernelName,
    { dtype: 'float32', T: 'int32', Tseed: 'int32' },
    (inputs, attrs) => [tf.tensor1d(attrs.shape, 'int32'), inputs.seed],
  )
  return tf.engine().runKernel(kernelName, { seed }, { shape })
}
