/**
 * Reads and writes the recipe's `.npy` files. numpy saves a dict of arrays as a zero-dimensional array with one
 * object, that is, as a pickle. Reading allows only the few callables used to pickle arrays and never executes code; a
 * written file works with `numpy.load(file, allow_pickle=True).item()` in numpy 1 and 2.
 */
import { labError, type LabError, type ParametersOf } from '../contract/errors'
import { readNpyHeader, writeNpyHeader } from '../files/npy-header'
import { transposed } from './layout'
import { orderedDict } from './ordered-dict'
import {
  isCallable,
  isList,
  textOf,
  unpickle,
  type Callable,
  type Callables,
  type Pickled,
  type PickledObject,
  type PickleRules,
} from './pickle'
import { bytesOf, maxDimensions, sizeOf, type NamedTensor } from './safetensors'

/** numpy's description of a value type. */
interface DType extends PickledObject {
  readonly kind: 'dtype'
  /** `f4`, `f8`, `O8` ... */
  readonly code: string
  byteOrder: string
}

interface NumpyArray extends PickledObject {
  readonly kind: 'ndarray'
  shape: readonly number[]
  dtype: DType | null
  /** Whether the first axis varies fastest, as in Fortran. */
  fortranOrder: boolean
  /** Bytes for numbers, a list for objects. */
  values: Pickled
}

/**
 * The arrays of a file's dict as float32, in the dict's order and with its names.
 * @throws `pickle-forbidden`, `pickle-torch`, `pickle-malformed`
 */
export function decodeNpyDict(bytes: Uint8Array, file: string): NamedTensor[] {
  const { value: outer } = unpickle(pickleIn(bytes, file), rulesFor(file))
  const [dict] = isArray(outer) && isList(outer.values) ? outer.values : []
  if (!(dict instanceof Map)) throw malformed(file, 'no-dict', 'content')
  const entries = [...(dict as ReadonlyMap<string, Pickled>)]
  checkValues(entries, bytes.length, file)
  return entries.map(([name, value]) => {
    if (!isArray(value)) throw malformed(file, 'no-array', name)
    return toTensor(name, value, file)
  })
}

function rulesFor(file: string): PickleRules {
  return {
    callables: callables(),
    persistent: null,
    forbidden: (callable) =>
      callable.startsWith('torch.')
        ? labError('pickle-torch', { file })
        : labError('pickle-forbidden', { file, callable }),
    malformed: (fault, place) => malformed(file, fault, place),
  }
}

/** Arrays must not share values in the file: otherwise a small file could claim any amount of memory. */
function checkValues(
  entries: readonly (readonly [string, Pickled])[],
  available: number,
  file: string,
): void {
  let claimed = 0
  for (const [, value] of entries) {
    if (isArray(value) && value.values instanceof Uint8Array) claimed += value.values.length
  }
  if (claimed > available) throw malformed(file, 'values-shared', 'content')
}

/** A dict of float32 arrays as one `.npy` file. */
export function encodeNpyDict(tensors: readonly NamedTensor[]): Uint8Array {
  const items = tensors.flatMap((tensor) => [
    text(tensor.name),
    array(tensor.shape, dtype('f4', '<', 0), bytes(bytesOf(tensor))),
  ])
  const dict = [op('}('), ...items, op('u')]
  const pickle = [op('\x80\x03'), array([], dtype('O8', '|', 63), [op(']'), ...dict, op('a')]), op('.')]
  return Buffer.concat([writeNpyHeader('|O', []), ...flat(pickle)])
}

/** The pickle after the header of numpy.lib.format; the array must hold objects and have no dimensions. */
function pickleIn(bytes: Uint8Array, file: string): Uint8Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const header = readNpyHeader(buffer)
  if (header === null) throw malformed(file, 'no-npy', 'header')
  if (header.valuesStart > buffer.length) throw malformed(file, 'cut-short', 'header')
  if (!/'descr':\s*'\|?O'/.test(header.text) || !/'shape':\s*\(\s*\)/.test(header.text)) {
    throw malformed(file, 'plain-array', 'header')
  }
  return buffer.subarray(header.valuesStart)
}

/** All callables of a pickled dict of arrays, under the module names of numpy 1 and 2. */
function callables(): Callables {
  const encoded = new Map<string, Uint8Array>()
  /** Protocol 2 writes bytes as latin1 text. Each text is encoded once, so repetition does not use more memory. */
  const encode: Callable = (value, encoding) => {
    if (typeof value !== 'string' || !/^latin-?1$/.test(textOf(encoding) ?? ''))
      throw new Error('_codecs.encode of what is no latin1')
    const known = encoded.get(value) ?? Buffer.from(value, 'latin1')
    encoded.set(value, known)
    return known
  }
  return {
    'numpy.core.multiarray._reconstruct': reconstruct,
    'numpy._core.multiarray._reconstruct': reconstruct,
    'numpy.core.numeric._frombuffer': fromBuffer,
    'numpy._core.numeric._frombuffer': fromBuffer,
    'numpy.ndarray': notCalled('numpy.ndarray'),
    'numpy.dtype': makeDType,
    'collections.OrderedDict': orderedDict(),
    '_codecs.encode': encode,
  }
}

/** An empty array, to be filled by `setState`. */
const reconstruct: Callable = (type) => {
  if (!isCallable(type) || type.name !== 'numpy.ndarray')
    throw new Error('_reconstruct of what is no ndarray')
  return emptyArray()
}

/** Protocol 5: (values, dtype, shape, order). */
const fromBuffer: Callable = (values, dtype, shape, order) => {
  const made = emptyArray()
  made.setState([1, shape ?? null, dtype ?? null, textOf(order) === 'F', values ?? null])
  return made
}

const makeDType: Callable = (code): DType => {
  const name = textOf(code)
  if (name === null) throw new Error('a dtype without a name')
  return {
    kind: 'dtype',
    code: name,
    byteOrder: '=',
    setState(state) {
      // (version, byte order, then fields for structured types)
      this.byteOrder = (isList(state) ? textOf(state[1]) : null) ?? '='
    },
  }
}

function notCalled(name: string): Callable {
  return () => {
    throw new Error(`a call of ${name}`)
  }
}

function emptyArray(): NumpyArray {
  return {
    kind: 'ndarray',
    shape: [],
    dtype: null,
    fortranOrder: false,
    values: null,
    setState(state) {
      // (version, shape, dtype, is Fortran order, values)
      const [, shape, dtype, fortranOrder, values] = isList(state) ? state : []
      if (!isShape(shape) || !isDType(dtype)) throw new Error('an array without shape and dtype')
      Object.assign(this, { shape, dtype, fortranOrder: Boolean(fortranOrder), values: values ?? null })
    },
  }
}

function isShape(value: Pickled | undefined): value is readonly number[] {
  return (
    isList(value) &&
    value.length <= maxDimensions &&
    value.every((length) => typeof length === 'number' && Number.isSafeInteger(length) && length >= 0)
  )
}

function isDType(value: Pickled | undefined): value is DType {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'dtype'
}

function isArray(value: Pickled | undefined): value is NumpyArray {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'ndarray'
}

function toTensor(
  name: string,
  { shape, dtype, fortranOrder, values }: NumpyArray,
  file: string,
): NamedTensor {
  const code = dtype?.code ?? '-'
  if (code !== 'f4' && code !== 'f8') throw malformed(file, 'type-unreadable', `${name}: ${code} ≠ f4, f8`)
  const size = code === 'f4' ? 4 : 8
  const count = sizeOf(shape)
  if (!(values instanceof Uint8Array) || values.length !== count * size) {
    throw malformed(file, 'length-misfit', `${name} [${shape.join(', ')}]`)
  }
  const view = new DataView(values.buffer, values.byteOffset, values.length)
  const littleEndian = dtype?.byteOrder !== '>'
  const read = code === 'f4' ? view.getFloat32.bind(view) : view.getFloat64.bind(view)
  const data = Float32Array.from({ length: count }, (_, index) => read(index * size, littleEndian))
  if (!fortranOrder) return { name, shape, data }
  const reversed = shape.map((_, axis) => shape.length - 1 - axis)
  return transposed({ name, shape: [...shape].reverse(), data }, reversed)
}

// Writing: each part of a pickle is a list of byte strings.

type Part = Buffer | readonly Part[]

function flat(part: Part): Buffer[] {
  return Buffer.isBuffer(part) ? [part] : part.flatMap(flat)
}

/** Opcodes, one character each: } dict, ( mark, u items, ] list, a append, t tuple, R call, b state, . end. */
function op(codes: string): Buffer {
  return Buffer.from(codes, 'latin1')
}

function array(shape: readonly number[], type: Part, values: Part): Part {
  const made = [global('numpy.core.multiarray', '_reconstruct'), global('numpy', 'ndarray')]
  const parameters = [op('(K\x00t'), bytes(Buffer.from('b')), op('\x87R')]
  return [
    made,
    parameters,
    op('('),
    integer(1),
    tuple(shape.map(integer)),
    type,
    op('\x89'),
    values,
    op('tb'),
  ]
}

/** `flags`: 0 for numbers; 63 for objects, whose references numpy must count. */
function dtype(code: string, byteOrder: string, flags: number): Part {
  const made = [global('numpy', 'dtype'), tuple([text(code), op('\x89'), op('\x88')]), op('R')]
  const none = op('NNN')
  return [
    made,
    op('('),
    integer(3),
    text(byteOrder),
    none,
    integer(-1),
    integer(-1),
    integer(flags),
    op('tb'),
  ]
}

function global(module: string, name: string): Part {
  return op(`c${module}\n${name}\n`)
}

function tuple(items: readonly Part[]): Part {
  return [op('('), ...items, op('t')]
}

function integer(value: number): Buffer {
  const coded = Buffer.alloc(5)
  coded.write('J', 'latin1')
  coded.writeInt32LE(value, 1)
  return coded
}

function text(value: string): Part {
  return counted('X', Buffer.from(value))
}

function bytes(value: Uint8Array): Part {
  return counted('B', Buffer.from(value.buffer, value.byteOffset, value.length))
}

function counted(code: string, value: Buffer): Part {
  const length = Buffer.alloc(5)
  length.write(code, 'latin1')
  length.writeUInt32LE(value.length, 1)
  return [length, value]
}

function malformed(
  file: string,
  problem: ParametersOf<'pickle-malformed'>['problem'],
  place: string,
): LabError {
  return labError('pickle-malformed', { file, problem, place })
}
