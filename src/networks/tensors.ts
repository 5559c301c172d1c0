/** The tensors of layers: their names, shapes, layouts and initial values, in the order in which they are created. */
import type { BatchNorm, Convolution, Layer, Linear } from './layer'

/**
 * How a tensor in TensorFlow's layout becomes one in PyTorch's: seen as of the shape `axes`, its axes are put in
 * another order (axis `i` of the result is axis `order[i]`), and the result has PyTorch's shape.
 */
export interface Layout {
  readonly axes: readonly number[]
  readonly order: readonly number[]
}

/** Uniform within 1 / sqrt(fan in), PyTorch's default for convolutions and linear layers; or one value. */
export type Initial = { readonly fanIn: number } | { readonly value: 0 | 1 }

export interface DeclaredTensor {
  /** Below its network: "layer1.0.conv1.weight". */
  readonly name: string
  /** In PyTorch's layout. */
  readonly shape: readonly number[]
  /** In TensorFlow's layout. */
  readonly memoryShape: readonly number[]
  /** null: the values are in the same order in both. */
  readonly layout: Layout | null
  readonly initial: Initial
  /** Whether gradients change it; false for running statistics. */
  readonly isLearned: boolean
}

/** Maps whose values were flattened with the maps innermost, until a linear layer has mixed them; null: none. */
type Flattened = number | null

interface Walk {
  readonly tensors: DeclaredTensor[]
  /** Of the last convolution. */
  maps: number
  flattened: Flattened
}

export function tensorsOf(layers: readonly Layer[]): readonly DeclaredTensor[] {
  const walk: Walk = { tensors: [], maps: 0, flattened: null }
  visit(layers, walk)
  return walk.tensors
}

function visit(layers: readonly Layer[], walk: Walk): void {
  for (const layer of layers) {
    switch (layer.kind) {
      case 'convolution':
        walk.tensors.push(...convolutionTensors(layer))
        walk.maps = layer.outputs
        break
      case 'linear':
        walk.tensors.push(...linearTensors(layer, walk.flattened))
        walk.flattened = null
        break
      case 'batch-norm':
        walk.tensors.push(...batchNormTensors(layer, walk.flattened))
        break
      case 'flatten':
        walk.flattened = layer.order === 'map-innermost' ? walk.maps : null
        break
      case 'residual': {
        visit(layer.body, walk)
        const { maps } = walk
        visit(layer.shortcut, walk)
        walk.maps = maps
        break
      }
      default:
    }
  }
}

function convolutionTensors({ name, inputs, outputs, kernel: k, connects, bias }: Convolution) {
  const isDepthwise = connects === 'each-map'
  const axes = isDepthwise ? [k, k, outputs, 1] : [k, k, inputs, outputs]
  const order = isDepthwise ? [2, 3, 0, 1] : [3, 2, 0, 1]
  const initial = { fanIn: k * k * (isDepthwise ? 1 : inputs) }
  return weightAndBias({ name, axes, order, memoryShape: axes, bias, initial, outputs })
}

function linearTensors({ name, inputs, outputs, bias }: Linear, flattened: Flattened) {
  const axes = flattened === null ? [inputs, outputs] : [inputs / flattened, flattened, outputs]
  const order = flattened === null ? [1, 0] : [2, 1, 0]
  const shape = [outputs, inputs]
  const initial = { fanIn: inputs }
  return weightAndBias({ name, axes, order, shape, memoryShape: [inputs, outputs], bias, initial, outputs })
}

interface Weighted {
  readonly name: string
  readonly axes: readonly number[]
  readonly order: readonly number[]
  readonly memoryShape: readonly number[]
  /** In PyTorch's layout, if it is not that of the axes in order. */
  readonly shape?: readonly number[]
  readonly bias: boolean
  readonly initial: Initial
  readonly outputs: number
}

function weightAndBias(weighted: Weighted): DeclaredTensor[] {
  const { name, axes, order, memoryShape, bias, initial, outputs } = weighted
  const shape = weighted.shape ?? order.map((axis) => axes[axis] ?? 0)
  const layout = { axes, order }
  const weight = { name: `${name}.weight`, shape, memoryShape, layout, initial, isLearned: true }
  return bias ? [weight, { ...unitsTensor(`${name}.bias`, outputs, null), initial }] : [weight]
}

function batchNormTensors({ name, units }: BatchNorm, flattened: Flattened): DeclaredTensor[] {
  const ofUnits = (part: string, value: 0 | 1, isLearned: boolean) => ({
    ...unitsTensor(`${name}.${part}`, units, flattened),
    initial: { value },
    isLearned,
  })
  return [
    ofUnits('weight', 1, true),
    ofUnits('bias', 0, true),
    ofUnits('running_mean', 0, false),
    ofUnits('running_var', 1, false),
  ]
}

/** One value for each unit. */
function unitsTensor(name: string, units: number, flattened: Flattened) {
  const layout = flattened === null ? null : { axes: [units / flattened, flattened], order: [1, 0] }
  return { name, shape: [units], memoryShape: [units], layout, isLearned: true }
}

/** The shapes in PyTorch's layout by name, below `network`. */
export function shapesByName(
  network: string,
  layers: readonly Layer[],
): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(tensorsOf(layers).map(({ name, shape }) => [`${network}.${name}`, shape]))
}
