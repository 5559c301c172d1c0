/**
 * Converts weights between TensorFlow's and PyTorch's layouts. TensorFlow: convolutions HWIO (row, column, input,
 * output), linear layers [in, out], images flattened row by row with the maps innermost. PyTorch: OIHW, [out, in],
 * flattened map by map. Both directions only move values, so a round trip is exact.
 *
 * Names are `<network>.<layer>.weight`, optionally with the prefix `optimiser.` and a quantity as suffix
 * ("optimiser.target_encoder.fc.weight.sum"): optimiser state has the layout of its weight.
 */
import { labError } from '../contract/errors'
import { sizeOf, type NamedTensor } from './safetensors'

const weightName = /^(optimiser\.)?(\w+)\.(\w+)\.weight(\.\w+)?$/

/** From TensorFlow's layout to PyTorch's; tensors that are not weights are left unchanged. */
export function toTorch(tensors: readonly NamedTensor[]): NamedTensor[] {
  return tensors.map((tensor) => convert(tensor, tensors, 'toTorch'))
}

/** From PyTorch's layout to TensorFlow's. */
export function fromTorch(tensors: readonly NamedTensor[]): NamedTensor[] {
  return tensors.map((tensor) => convert(tensor, tensors, 'fromTorch'))
}

type Direction = 'toTorch' | 'fromTorch'

function convert(tensor: NamedTensor, all: readonly NamedTensor[], direction: Direction): NamedTensor {
  const parts = weightName.exec(tensor.name)
  if (parts === null) return tensor
  const [, before = '', network = '', layer = '', quantity = ''] = parts
  if (tensor.shape.length === 4) return convolution[direction](tensor)
  if (tensor.shape.length !== 2) return tensor
  if (!(network.endsWith('_encoder') && layer === 'fc')) return transposed(tensor, [1, 0])
  const bias = `${before}${network}.conv2.bias${quantity}`
  const maps = all.find(({ name }) => name === bias)?.data.length ?? 0
  return afterFlatten[direction](tensor, maps)
}

const convolution = {
  toTorch: (tensor: NamedTensor) => transposed(tensor, [3, 2, 0, 1]),
  fromTorch: (tensor: NamedTensor) => transposed(tensor, [2, 3, 1, 0]),
}

/** The linear layer whose inputs are the flattened pixels of `maps` maps. */
const afterFlatten = {
  toTorch({ name, shape, data }: NamedTensor, maps: number): NamedTensor {
    const [inputs = 0, outputs = 0] = shape
    const apart = { name, shape: [pixelsOf(name, inputs, maps), maps, outputs], data }
    return { ...transposed(apart, [2, 1, 0]), shape: [outputs, inputs] }
  },
  fromTorch({ name, shape, data }: NamedTensor, maps: number): NamedTensor {
    const [outputs = 0, inputs = 0] = shape
    const apart = { name, shape: [outputs, maps, pixelsOf(name, inputs, maps)], data }
    return { ...transposed(apart, [2, 1, 0]), shape: [inputs, outputs] }
  },
}

/** Pixels in one of the flattened maps. The number of maps is the number of biases of the preceding convolution. */
function pixelsOf(name: string, inputs: number, maps: number): number {
  if (maps > 0 && inputs % maps === 0) return inputs / maps
  const problem = `${inputs} inputs cannot come from ${maps} maps`
  throw labError('contract-violation', { where: name, problem })
}

/** Values in one cache line of the processor; values fetched together are used together. */
const cacheLine = 16

/** An axis of the result: its length, and its strides in the input and in the result. */
interface Axis {
  readonly length: number
  readonly read: number
  readonly write: number
}

const single: Axis = { length: 1, read: 1, write: 1 }

/** The tensor with its axes in another order: axis `i` of the result is axis `order[i]` of the input. */
export function transposed({ name, shape, data }: NamedTensor, order: readonly number[]): NamedTensor {
  const to = order.map((axis) => shape[axis] ?? 0)
  const axes = to.map((length, axis) => ({
    length,
    read: sizeOf(shape.slice((order[axis] ?? 0) + 1)),
    write: sizeOf(to.slice(axis + 1)),
  }))
  const result = new Float32Array(data.length)
  // `inner` has stride 1 in the input, `last` has stride 1 in the result.
  const inner = axes[order.indexOf(shape.length - 1)] ?? single
  const last = axes[axes.length - 1]
  const across = last === undefined || last === inner ? single : last
  const outer = axes.filter((axis) => axis !== inner && axis !== across)

  function moveAll(depth: number, from: number, to: number): void {
    const axis = outer[depth]
    if (axis === undefined) return moveTiles(data, from, result, to, inner, across)
    for (let i = 0; i < axis.length; i++) moveAll(depth + 1, from + i * axis.read, to + i * axis.write)
  }

  moveAll(0, 0, 0)
  return { name, shape: to, data: result }
}

/** Moves two axes of a tensor, one square tile of a cache line's length at a time. */
function moveTiles(
  data: Float32Array,
  from: number,
  result: Float32Array,
  to: number,
  inner: Axis,
  across: Axis,
): void {
  for (let a = 0; a < across.length; a += cacheLine) {
    const aEnd = Math.min(a + cacheLine, across.length)
    for (let b = 0; b < inner.length; b += cacheLine) {
      const bEnd = Math.min(b + cacheLine, inner.length)
      for (let i = b; i < bEnd; i++) {
        for (let j = a; j < aEnd; j++) {
          result[to + i * inner.write + j * across.write] = data[from + i * inner.read + j * across.read] ?? 0
        }
      }
    }
  }
}
