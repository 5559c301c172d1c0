/**
 * Folds batch normalisation into the convolution or linear layer before it, for networks that do not learn: the outputs
 * in inference mode stay the same up to rounding.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { BatchNorm, Convolution, Layer, Linear } from '../networks/layer'
import type { Weights } from './pass'

export interface Folded {
  readonly layers: readonly Layer[]
  /** New tensors where layers were folded, and the given ones elsewhere. */
  readonly weights: Weights
}

export function folded(layers: readonly Layer[], weights: Weights): Folded {
  const result = new Map<string, tf.Tensor>()
  return { layers: foldedLayers(layers, weights, result), weights: result }
}

/** Puts the weights of the folded layers into `result`. */
function foldedLayers(layers: readonly Layer[], weights: Weights, result: Map<string, tf.Tensor>): Layer[] {
  const [first, second] = layers
  if (first === undefined) return []
  if (isWeighted(first) && second?.kind === 'batch-norm') {
    const { weight, bias } = foldedWeights(first, second, weights)
    result.set(`${first.name}.weight`, weight).set(`${first.name}.bias`, bias)
    return [{ ...first, bias: true }, ...foldedLayers(layers.slice(2), weights, result)]
  }
  if (first.kind === 'residual') {
    const body = foldedLayers(first.body, weights, result)
    const shortcut = foldedLayers(first.shortcut, weights, result)
    return [{ ...first, body, shortcut }, ...foldedLayers(layers.slice(1), weights, result)]
  }
  if ('name' in first) {
    for (const [name, value] of weights) if (isPartOf(name, first.name)) result.set(name, value)
  }
  return [first, ...foldedLayers(layers.slice(1), weights, result)]
}

const isWeighted = (layer: Layer): layer is Convolution | Linear =>
  layer.kind === 'convolution' || layer.kind === 'linear'

/** "layer1.0.conv1.weight" is a part of "layer1.0.conv1", not of "layer1". */
const isPartOf = (tensor: string, layer: string): boolean =>
  tensor.slice(0, tensor.lastIndexOf('.')) === layer

/** y = s (W x + b - mean) + beta with s = gamma / sqrt(variance + epsilon) is (s W) x + s (b - mean) + beta. */
function foldedWeights(layer: Convolution | Linear, norm: BatchNorm, weights: Weights) {
  return tf.tidy(() => {
    const part = (name: string) => {
      const value = weights.get(name)
      if (value === undefined) throw new Error(`no tensor ${name}`)
      return value
    }
    const ofNorm = (name: string) => part(`${norm.name}.${name}`)
    const scale = tf.div(ofNorm('weight'), tf.sqrt(tf.add(ofNorm('running_var'), norm.epsilon)))
    const isDepthwise = layer.kind === 'convolution' && layer.connects === 'each-map'
    // The outputs are the last axis, or in a depthwise kernel the one before: [k, k, maps, 1].
    const along = isDepthwise ? tf.reshape(scale, [-1, 1]) : scale
    const bias = layer.bias ? part(`${layer.name}.bias`) : tf.zerosLike(scale)
    return {
      weight: tf.mul(part(`${layer.name}.weight`), along),
      bias: tf.add(tf.mul(tf.sub(bias, ofNorm('running_mean')), scale), ofNorm('bias')),
    }
  })
}
