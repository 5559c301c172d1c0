/**
 * A multilayer perceptron for vectors: hidden layers, each linear, batch normalisation, ReLU and dropout. The last one
 * is the bottleneck of adaptation on frozen features (as in CDAN and MCC on pooled features of a large network).
 * `[batch, length]` in, features `[batch, last of hidden]` out.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { ModelOptions } from '../contract/experiment'
import { batchNorm } from './batch-norm'
import { dropout } from './dropout'
import { linear, linearLayer, normalisationLayer, type Architecture, type LayerShape } from './network'

type Options = Pick<ModelOptions, 'hidden' | 'batchNorm' | 'dropout'>

/** Layers `fc1`, `bn1`, `fc2` ...; no `bn` without batch normalisation. */
export function mlp(
  { hidden, batchNorm: normalises, dropout: share }: Options,
  length: number,
): Architecture {
  const layers: Record<string, LayerShape> = {}
  hidden.forEach((units, index) => {
    layers[`fc${index + 1}`] = linearLayer(hidden[index - 1] ?? length, units)
    if (normalises) layers[`bn${index + 1}`] = normalisationLayer(units)
  })
  return {
    layers,
    ...(normalises || share > 0 ? { twoModes: true } : {}),
    forward: (values, x, seeds) =>
      hidden.reduce((input, units, index) => {
        const { [`fc${index + 1}`]: fc, [`bn${index + 1}`]: bn } = values
        if (fc === undefined) throw new Error(`no layer fc${index + 1}`)
        const sums = linear(input, fc)
        const active = tf.relu(bn === undefined ? sums : batchNorm(sums, bn, seeds !== null))
        return share === 0 ? active : dropout(active, share, [input.shape[0], units], seeds)
      }, x as tf.Tensor2D),
  }
}
