/** The nuclear norm of a matrix, the sum of its singular values, by TensorFlow's `Svd`, for which tfjs has no kernel. */
import * as tf from '@tensorflow/tfjs-core'
import { nativeBackend } from '../native/backend'

/** The singular values s `[k]`, U `[rows, k]` and V `[columns, k]` of U diag(s) V^T, k the smaller of both sides. */
function decomposed(matrix: tf.Tensor): [s: tf.Tensor, u: tf.Tensor2D, v: tf.Tensor2D] {
  const backend = nativeBackend()
  const { TF_ATTR_BOOL, TF_ATTR_TYPE, TF_FLOAT } = backend.binding
  const attributes = [
    { name: 'compute_uv', type: TF_ATTR_BOOL, value: true },
    { name: 'full_matrices', type: TF_ATTR_BOOL, value: false },
    { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
  ]
  const [s, u, v] = backend.executeMultipleOutputs('Svd', attributes, [matrix], 3)
  if (s === undefined || u === undefined || v === undefined) throw new Error('Svd has three outputs')
  return [s, u as tf.Tensor2D, v as tf.Tensor2D]
}

/** Its gradient is U V^T; at a singular value of 0, one of the subgradients. */
const differentiable = tf.customGrad((matrix, save) => {
  const [s, u, v] = decomposed(matrix as tf.Tensor)
  ;(save as tf.GradSaveFunc)([u, v])
  return {
    value: tf.sum(s),
    gradFunc: (slope: tf.Tensor, [left, right]: tf.Tensor[]) =>
      tf.mul(slope, tf.matMul(left as tf.Tensor2D, right as tf.Tensor2D, false, true)),
  }
})

export function nuclearNorm(matrix: tf.Tensor2D): tf.Scalar {
  return differentiable(matrix) as tf.Scalar
}
