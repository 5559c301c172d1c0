/**
 * Reads the weights in a file that torch.save wrote, in either of its formats, without executing anything from it:
 * its pickle may only describe tensors (torch-pickle.ts). Values are read from the file when they are asked for, so
 * that memory holds the tensors in use and no more.
 */
import { labError, type LabError } from '../contract/errors'
import { shortened } from '../contract/shortened'
import type { ByteSource } from '../files/byte-source'
import { isList, unpickle, type Pickled } from './pickle'
import { maxShown, sizeOf, toFloat32, typeUnreadable, valueBytes, type StoredTensor } from './safetensors'
import { endOfMagic, readTorchStream } from './torch-legacy'
import { isTensor, torchMalformed, torchRules, type TorchRules, type TorchTensor } from './torch-pickle'
import { openTorchArchive, type Extent } from './torch-zip'

/** A tensor in a file, without its values. */
export type WeightEntry = Pick<StoredTensor, 'name' | 'shape' | 'dtype'>

/** Weights whose values are read when asked for. */
export interface WeightsFile {
  /** Names are those in the file. */
  readonly entries: readonly WeightEntry[]
  /** The name under which the file holds the weights beside other things; null: it holds them alone. */
  readonly within: string | null
  /** The values of one of the entries, as float32 in C order. Throws `tensor-type-unreadable`, and for damage. */
  read(entry: WeightEntry): Promise<StoredTensor>
}

/**
 * Longest pickle. That of a ResNet-50 has about 45 KB, with the state of an optimiser a few times as much. What is made of
 * a pickle takes up to 200 times its length in memory.
 */
const maxPickleBytes = 1_000_000
/** The largest layer of a network that is known here has 8 MB. */
const maxTensorBytes = 2 ** 28

interface Opened {
  readonly value: Pickled
  /** @throws `torch-malformed` */
  storage(key: string): Promise<Extent>
}

/** Whether a file that begins like this may be one of PyTorch: a zip archive or a pickle. */
export function beginsLikeTorch(head: Buffer): boolean {
  const protocol = head[1] ?? 0
  return (
    head.toString('latin1', 0, 4) === 'PK\x03\x04' || (head[0] === 0x80 && protocol >= 2 && protocol <= 5)
  )
}

/**
 * @throws `torch-malformed`, `torch-needs-code`, `torch-whole-model`, `torch-script`, `torch-optimiser`,
 * `torch-no-weights`
 */
export async function openTorchFile(source: ByteSource, file: string): Promise<WeightsFile> {
  const { value, storage } = await openFormat(source, torchRules(file), file)
  const { tensors, within } = weightsIn(value, file)
  const entries = new Map<string, TorchTensor>()
  for (const [name, tensor] of tensors) {
    requireInside(name, tensor, file)
    entries.set(name, tensor)
  }
  return {
    entries: [...entries].map(
      ([
        name,
        {
          shape,
          storage: { dtype },
        },
      ]) => ({ name, shape, dtype }),
    ),
    within,
    async read({ name }) {
      const tensor = entries.get(name)
      if (tensor === undefined) throw new Error(`the file has no tensor ${name}`)
      const extent = await storage(tensor.storage.key)
      return readTensor(source, name, tensor, extent, file)
    },
  }
}

async function openFormat(source: ByteSource, rules: TorchRules, file: string): Promise<Opened> {
  const head = await source.read(0, maxPickleBytes)
  if (head[0] !== 0x80) return openArchive(source, rules, file)
  const start = endOfMagic(head)
  // Not of torch.save: it may still be named what its pickle needs.
  const stream =
    start === null
      ? { value: unpickle(head, rules).value, storages: new Map<string, Extent>() }
      : await readTorchStream(source, head, start, rules, file)
  return {
    value: stream.value,
    storage(key) {
      const extent = stream.storages.get(key)
      if (extent === undefined) throw torchMalformed(file, 'storage-missing', shortened(key, maxShown))
      return Promise.resolve(extent)
    },
  }
}

async function openArchive(source: ByteSource, rules: TorchRules, file: string): Promise<Opened> {
  const archive = await openTorchArchive(source, file)
  if (archive === null) throw labError('weights-format-unknown', { file })
  const { at, length } = archive.pickle
  if (length > maxPickleBytes) throw torchMalformed(file, 'pickle-too-long', 'data.pkl')
  const bytes = await source.read(at, length)
  return { value: unpickle(bytes, rules).value, storage: archive.storage }
}

type Dict = ReadonlyMap<string, Pickled>

/** Names under which training programs store the weights beside the state of an optimiser. */
const wrappers = ['state_dict', 'model', 'model_state_dict']

/** @throws `torch-optimiser`, `torch-no-weights` */
function weightsIn(
  value: Pickled,
  file: string,
): { tensors: [name: string, tensor: TorchTensor][]; within: string | null } {
  if (!(value instanceof Map)) throw labError('torch-no-weights', { file })
  const dict = value as Dict
  for (const within of [...wrappers, null]) {
    const held = within === null ? dict : dict.get(within)
    const tensors = held instanceof Map ? tensorsIn(held as Dict) : []
    if (tensors.length > 0) return { tensors, within }
  }
  throw labError(holdsOptimiser(dict) ? 'torch-optimiser' : 'torch-no-weights', { file })
}

function tensorsIn(dict: Dict): [name: string, tensor: TorchTensor][] {
  return [...dict].flatMap(([name, value]): [string, TorchTensor][] =>
    isTensor(value) ? [[name, value]] : [],
  )
}

/** The state of an optimiser lists its groups of parameters. */
function holdsOptimiser(dict: Dict): boolean {
  const isOptimiser = (value: Pickled) => value instanceof Map && isList((value as Dict).get('param_groups'))
  return isOptimiser(dict) || [...dict.values()].some(isOptimiser)
}

/** Distance from a tensor's first value to its last, in values of its storage; 0 for an empty tensor too. */
function spanOf({ shape, strides }: TorchTensor): number {
  return shape.reduce((span, length, axis) => span + Math.max(0, length - 1) * (strides[axis] ?? 0), 0)
}

/** A tensor must not have more values than its storage: a small file could otherwise claim any amount of memory. */
function requireInside(name: string, tensor: TorchTensor, file: string): void {
  const { storage, offset, shape } = tensor
  const count = sizeOf(shape)
  const end = count === 0 ? offset : offset + spanOf(tensor) + 1
  if (count > storage.count || end > storage.count)
    throw torchMalformed(file, 'outside-storage', shortened(name, maxShown))
}

async function readTensor(
  source: ByteSource,
  name: string,
  tensor: TorchTensor,
  extent: Extent,
  file: string,
): Promise<StoredTensor> {
  const { shape, offset, storage } = tensor
  const { dtype } = storage
  const size = valueBytes(dtype) ?? 0
  const values = sizeOf(shape) === 0 ? 0 : spanOf(tensor) + 1
  const damage = (problem: 'outside-storage' | 'tensor-too-large' | 'cut-short'): LabError =>
    torchMalformed(file, problem, shortened(name, maxShown))
  if (values * size > maxTensorBytes) throw damage('tensor-too-large')
  if ((offset + values) * size > extent.length) throw damage('outside-storage')
  const bytes = await source.read(extent.at + offset * size, values * size)
  if (bytes.length < values * size) throw damage('cut-short')
  const stored = toFloat32(dtype, copyOf(bytes))
  if (stored === null) throw typeUnreadable(name, dtype, file)
  return { name, dtype, shape, data: inOrder(stored, tensor) }
}

/** Of its own and aligned, as typed arrays need it. */
function copyOf(bytes: Buffer): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
}

/** The values of a tensor in C order, from those between its first and its last. */
function inOrder(stored: Float32Array, { shape, strides }: TorchTensor): Float32Array {
  const ordered = new Float32Array(sizeOf(shape))
  if (ordered.length === 0 || isContiguous(shape, strides)) return stored
  const index = shape.map(() => 0)
  let from = 0
  for (let to = 0; to < ordered.length; to++) {
    ordered[to] = stored[from] ?? 0
    // To the next index: the last axis first, as a counter does.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const length = shape[axis] ?? 1
      const stride = strides[axis] ?? 0
      const next = (index[axis] ?? 0) + 1
      if (next < length) {
        index[axis] = next
        from += stride
        break
      }
      index[axis] = 0
      from -= (length - 1) * stride
    }
  }
  return ordered
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false
    expected *= shape[axis] ?? 1
  }
  return true
}
