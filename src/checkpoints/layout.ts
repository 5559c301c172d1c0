/**
 * Converts weights between TensorFlow's and PyTorch's layouts. TensorFlow: convolutions HWIO (row, column, input,
 * output), linear layers [in, out], images flattened row by row with the maps innermost. PyTorch: OIHW, [out, in],
 * flattened map by map. Both directions only move values, so a round trip is exact. Which layout a tensor has follows
 * from the layers of its network.
 *
 * Names are `<network>.<layer>.<part>`, optionally with the prefix `optimiser.` and a quantity as suffix
 * ("optimiser.target_encoder.fc.weight.sum"): optimiser state has the layout of its weight.
 */
import { labError } from '../contract/errors'
import { tensorsOf, type DeclaredTensor, type Layout } from '../networks/tensors'
import { isOptimiserState, optimiserPrefix } from './optimiser-state'
import { sizeOf, type NamedTensor } from './safetensors'
import type { Networks } from './shapes'

/** From TensorFlow's layout to PyTorch's. Throws `layout-unknown` for a tensor that no network declares. */
export function toTorch(tensors: readonly NamedTensor[], networks: Networks): NamedTensor[] {
  return converted(tensors, networks, ({ name, shape: given, data }, { shape, memoryShape, layout }) => {
    if (sizeOf(given) !== sizeOf(shape)) {
      const problem = `${describeShape(given)} is not the declared shape, ${describeShape(memoryShape)}`
      throw labError('contract-violation', { where: name, problem })
    }
    const moved = layout === null ? data : transposed({ name, shape: layout.axes, data }, layout.order).data
    return { name, shape: [...shape], data: moved }
  })
}

/**
 * From PyTorch's layout to TensorFlow's.
 * @throws `layout-unknown` for a tensor that no network declares, and `checkpoint-wrong-shape`
 */
export function fromTorch(tensors: readonly NamedTensor[], networks: Networks, file: string): NamedTensor[] {
  return converted(tensors, networks, (tensor, declared) => {
    const [found, expected] = [describeShape(tensor.shape), describeShape(declared.shape)]
    if (found !== expected)
      throw labError('checkpoint-wrong-shape', { file, tensor: tensor.name, found, expected })
    return inMemory(tensor, declared)
  })
}

/** One tensor of the declared shape, from PyTorch's layout to TensorFlow's. */
export function inMemory(
  { name, data }: NamedTensor,
  { memoryShape, layout }: Pick<DeclaredTensor, 'memoryShape' | 'layout'>,
): NamedTensor {
  return { name, shape: [...memoryShape], data: layout === null ? data : movedBack(name, data, layout) }
}

function movedBack(name: string, data: Float32Array, { axes, order }: Layout): Float32Array {
  const shape = order.map((axis) => axes[axis] ?? 0)
  const back = axes.map((_, axis) => order.indexOf(axis))
  return transposed({ name, shape, data }, back).data
}

const describeShape = (shape: readonly number[]): string => `[${shape.join(', ')}]`

type Conversion = (tensor: NamedTensor, declared: DeclaredTensor) => NamedTensor

function converted(tensors: readonly NamedTensor[], networks: Networks, convert: Conversion): NamedTensor[] {
  const declared = new Map(
    [...networks].flatMap(([network, layers]) =>
      tensorsOf(layers).map((tensor): [string, DeclaredTensor] => [`${network}.${tensor.name}`, tensor]),
    ),
  )
  return tensors.map((tensor) => {
    // A number has one layout.
    if (tensor.shape.length === 0) return tensor
    const own = declaredFor(tensor.name, declared)
    if (own === undefined) throw labError('layout-unknown', { tensor: tensor.name })
    return convert(tensor, own)
  })
}

/** The tensor of that name, or the one that optimiser state belongs to. */
function declaredFor(
  name: string,
  declared: ReadonlyMap<string, DeclaredTensor>,
): DeclaredTensor | undefined {
  const below = isOptimiserState({ name }) ? name.slice(optimiserPrefix.length) : name
  return declared.get(below) ?? declared.get(below.slice(0, Math.max(0, below.lastIndexOf('.'))))
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
