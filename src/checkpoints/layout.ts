/**
 * The two layouts of the same weights. TensorFlow: convolutions HWIO (row, column, input, output), linear
 * layers [in, out], images flattened row by row with the maps innermost. PyTorch: OIHW, [out, in], flattened
 * map by map. Both directions only move values, so that a round trip is exact.
 *
 * Names are `<network>.<layer>.weight`, or the same with `optimiser.` before or a quantity behind
 * ("optimiser.target_encoder.fc.weight.sum"): what belongs to a weight lies as the weight does.
 */
import { labError } from '../contract/errors'
import { sizeOf, type NamedTensor } from './safetensors'

const weightName = /^(optimiser\.)?(\w+)\.(\w+)\.weight(\.\w+)?$/

/** From TensorFlow's layout to PyTorch's; what is no weight stays as it is. */
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

/** The linear layer whose inputs are the pixels of `maps` maps. */
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

/** Pixels in one of the maps that are flattened; the convolution before has as many biases as there are maps. */
function pixelsOf(name: string, inputs: number, maps: number): number {
  if (maps > 0 && inputs % maps === 0) return inputs / maps
  const problem = `${inputs} inputs cannot come from ${maps} maps`
  throw labError('contract-violation', { where: name, problem })
}

/** As many values as a line of the processor's cache holds: what is fetched together is read together. */
const cacheLine = 16

/** The tensor with its axes in another order: axis `i` of the result is axis `order[i]` of the input. */
export function transposed({ name, shape, data }: NamedTensor, order: readonly number[]): NamedTensor {
  const to = order.map((axis) => shape[axis] ?? 0)
  const axes = to.map((length, axis) => ({
    length,
    /** Places from one value of this axis to the next, in the input and in the result. */
    read: sizeOf(shape.slice((order[axis] ?? 0) + 1)),
    write: sizeOf(to.slice(axis + 1)),
  }))
  const result = new Float32Array(data.length)

  /** The values `begin` to `end` of the input's last axis, for all values of the axes from `axis` on. */
  function move(begin: number, end: number, axis: number, from: number, place: number): void {
    const at = axes[axis]
    if (at === undefined) {
      for (let i = begin; i < end; i++) result[place + i * last.write] = data[from + i] ?? 0
    } else if (at === last) {
      move(begin, end, axis + 1, from, place)
    } else {
      for (let i = 0; i < at.length; i++) move(begin, end, axis + 1, from + i * at.read, place + i * at.write)
    }
  }

  const last = axes[order.indexOf(shape.length - 1)] ?? { length: data.length, read: 1, write: 1 }
  for (let begin = 0; begin < last.length; begin += cacheLine)
    move(begin, Math.min(begin + cacheLine, last.length), 0, 0, 0)
  return { name, shape: to, data: result }
}
