/**
 * The two layouts of the same weights. TensorFlow: convolutions HWIO (row, column, input, output), linear
 * layers [in, out], images flattened row by row with the maps innermost. PyTorch: OIHW, [out, in], flattened
 * map by map. Both directions only move values, so that a round trip is exact.
 *
 * Names are `<network>.<layer>.weight`, or the same with `optimiser.` before or a quantity behind
 * ("optimiser.target_encoder.fc.weight.mean"): what belongs to a weight lies as the weight does.
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

/** The tensor with its axes in another order: axis `i` of the result is axis `order[i]` of the input. */
export function transposed({ name, shape, data }: NamedTensor, order: readonly number[]): NamedTensor {
  const to = order.map((axis) => shape[axis] ?? 0)
  const strides = order.map((axis) => sizeOf(shape.slice(axis + 1)))
  const result = new Float32Array(data.length)
  const [row = 1, apart = 1] = [to[to.length - 1], strides[strides.length - 1]]
  const at = to.map(() => 0)
  let from = 0
  for (let start = 0; start < result.length; start += row) {
    for (let place = 0; place < row; place++) result[start + place] = data[from + place * apart] ?? 0
    // Count up in the result's order, row by row, and keep the input's offset in step.
    for (let axis = to.length - 2; axis >= 0; axis--) {
      const [length = 0, stride = 0, position = 0] = [to[axis], strides[axis], at[axis]]
      if (position + 1 < length) {
        at[axis] = position + 1
        from += stride
        break
      }
      at[axis] = 0
      from -= stride * position
    }
  }
  return { name, shape: to, data: result }
}
