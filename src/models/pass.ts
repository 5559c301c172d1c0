/**
 * Runs layers (src/networks/layer.ts) on values. Tensors have TensorFlow's layouts; images are
 * `[batch, rows, columns, maps]`, vectors `[batch, units]`.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { BatchNorm, Convolution, Dropout, Flatten, Layer, Linear, Residual } from '../networks/layer'
import { batchNorm, mapsNorm, pooledBatchNorm, type Normalisation } from './batch-norm'
import { dropout, type Seeds } from './dropout'
import { maxPool, padded } from './pooling'

/** Values by the names of tensors below the network: "conv1.weight". */
export type Weights = ReadonlyMap<string, tf.Tensor>

/**
 * `learning`: batch normalisation uses the batch's statistics and moves the running ones, and dropout draws from the
 * seeds. `frozen-learning`: the same, but running statistics stay. `inference`: running statistics are used, and
 * dropout keeps everything.
 */
export type Mode =
  | { readonly kind: 'inference' }
  | { readonly kind: 'learning' | 'frozen-learning'; readonly seeds: Seeds }

interface Context {
  readonly weights: Weights
  readonly mode: Mode
}

/** Computes one or more layers. */
type Operation = (x: tf.Tensor, context: Context) => tf.Tensor

/** A forward pass of a network whose weights may differ from call to call. */
export type PlannedPass = (x: tf.Tensor, weights: Weights, mode: Mode) => tf.Tensor

export function planned(layers: readonly Layer[]): PlannedPass {
  const operations = operationsOf(layers)
  return (x, weights, mode) => inTurn(operations, x, { weights, mode })
}

/** Runs layers on given weights in inference mode. */
export function passOf(layers: readonly Layer[], weights: Weights): (x: tf.Tensor) => tf.Tensor {
  const pass = planned(layers)
  return (x) => pass(x, weights, { kind: 'inference' })
}

function inTurn(operations: readonly Operation[], x: tf.Tensor, context: Context): tf.Tensor {
  return operations.reduce((value, operation) => operation(value, context), x)
}

function operationsOf(layers: readonly Layer[]): Operation[] {
  const [first] = layers
  if (first === undefined) return []
  const fused = biasAfterPooling(layers) ?? normalisedAfterPooling(layers)
  if (fused !== null) return [fused.operation, ...operationsOf(layers.slice(fused.layers))]
  return [operationOf(first), ...operationsOf(layers.slice(1))]
}

/** The first layers of a list, computed together in an order that needs fewer values. The outputs are the same. */
interface Fusion {
  readonly layers: number
  readonly operation: Operation
}

/** The bias is added after the pooling, to fewer values: max(x + b) = max(x) + b. */
function biasAfterPooling([first, second]: readonly Layer[]): Fusion | null {
  if (first?.kind !== 'convolution' || !first.bias || second?.kind !== 'max-pool') return null
  return {
    layers: 2,
    operation: (x, { weights }) =>
      tf.add(maxPool(convolve(x, first, weights), second), valueOf(weights, `${first.name}.bias`)),
  }
}

/** Batch normalisation and ReLU are computed after the pooling, of fewer values. */
function normalisedAfterPooling([first, second, third]: readonly Layer[]): Fusion | null {
  if (first?.kind !== 'batch-norm' || second?.kind !== 'relu' || third?.kind !== 'max-pool') return null
  return {
    layers: 3,
    operation: (x, context) =>
      tf.relu(pooledBatchNorm(x as tf.Tensor4D, normalisationOf(first, context), isLearning(context), third)),
  }
}

function operationOf(layer: Layer): Operation {
  switch (layer.kind) {
    case 'convolution':
      return (x, { weights }) => biased(convolve(x, layer, weights), layer, weights)
    case 'linear':
      return (x, { weights }) =>
        biased(tf.matMul(x, valueOf(weights, `${layer.name}.weight`)), layer, weights)
    case 'batch-norm':
      return (x, context) => normalise(x, layer, context)
    case 'max-pool':
      return (x) => maxPool(x as tf.Tensor4D, layer)
    case 'relu':
      return (x) => tf.relu(x)
    case 'relu6':
      return (x) => tf.relu6(x)
    case 'global-average':
      return (x) => tf.mean(x, [1, 2])
    case 'flatten':
      return (x) => flattened(x, layer)
    case 'dropout':
      return (x, { mode }) => (mode.kind === 'inference' ? x : dropped(x, layer, mode.seeds))
    case 'residual':
      return residual(layer)
  }
}

/** Without its bias. */
function convolve(x: tf.Tensor, layer: Convolution, weights: Weights): tf.Tensor4D {
  const { stride, padding, connects, name } = layer
  const weight = valueOf(weights, `${name}.weight`) as tf.Tensor4D
  // An explicit padding of the operation itself has no gradient.
  const [maps, edge] =
    padding === 'same'
      ? [x as tf.Tensor4D, 'same' as const]
      : [padded(x as tf.Tensor4D, padding, 0), 'valid' as const]
  return connects === 'each-map'
    ? tf.depthwiseConv2d(maps, weight, stride, edge)
    : tf.conv2d(maps, weight, stride, edge)
}

function biased(x: tf.Tensor, { bias, name }: Convolution | Linear, weights: Weights): tf.Tensor {
  return bias ? tf.add(x, valueOf(weights, `${name}.bias`)) : x
}

const isLearning = ({ mode }: Context): boolean => mode.kind !== 'inference'

function normalise(x: tf.Tensor, layer: BatchNorm, context: Context): tf.Tensor {
  const normalisation = normalisationOf(layer, context)
  return x.rank === 4
    ? mapsNorm(x as tf.Tensor4D, normalisation, isLearning(context))
    : batchNorm(x as tf.Tensor2D, normalisation, isLearning(context))
}

function normalisationOf({ name, epsilon }: BatchNorm, { weights, mode }: Context): Normalisation {
  const part = (of: string) => valueOf(weights, `${name}.${of}`)
  const own = { weight: part('weight'), bias: part('bias'), epsilon }
  if (mode.kind === 'frozen-learning') return own
  return { ...own, running: { mean: part('running_mean'), variance: part('running_var') } }
}

function flattened(x: tf.Tensor, { order }: Flatten): tf.Tensor {
  const values = x.shape.slice(1).reduce((product, size) => product * size, 1)
  return tf.reshape(order === 'map-outermost' ? tf.transpose(x, [0, 3, 1, 2]) : x, [-1, values])
}

function dropped(x: tf.Tensor, { share, of }: Dropout, seeds: Seeds): tf.Tensor {
  const [batch = 0] = x.shape
  const mask = of === 'maps' ? [batch, 1, 1, x.shape[3] ?? 0] : [...x.shape]
  return dropout(x, share, mask, seeds)
}

function residual({ body, shortcut }: Residual): Operation {
  const [onBody, onShortcut] = [operationsOf(body), operationsOf(shortcut)]
  return (x, context) => tf.add(inTurn(onBody, x, context), inTurn(onShortcut, x, context))
}

function valueOf(weights: Weights, name: string): tf.Tensor {
  const value = weights.get(name)
  if (value === undefined) throw new Error(`no tensor ${name}`)
  return value
}
