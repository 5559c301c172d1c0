/**
 * The pickle in a PyTorch file, as data. It describes tensors by the storage that holds their values, which lies outside
 * the pickle, with an offset and strides. Names as in torch/serialization.py and torch/_utils.py.
 */
import { labError, type LabError, type ParametersOf } from '../contract/errors'
import { shortened } from '../contract/shortened'
import { orderedDict } from './ordered-dict'
import {
  isCallable,
  isList,
  textOf,
  type Callable,
  type Callables,
  type Pickled,
  type PickledObject,
  type PickleRules,
} from './pickle'
import { maxDimensions, maxShown } from './safetensors'

/** Values of one type, one after another. */
export interface TorchStorage extends PickledObject {
  readonly kind: 'torch-storage'
  /** Its name in the file. */
  readonly key: string
  /** Type of its values, as in safetensors. */
  readonly dtype: string
  /** Number of values in the file's storage. */
  readonly count: number
  /** Where a view of the storage begins, in values; 0 unless the file is old. */
  readonly start: number
}

/** Offset and strides are in values. */
export interface TorchTensor extends PickledObject {
  readonly kind: 'torch-tensor'
  readonly storage: TorchStorage
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
}

/** Types of values by PyTorch's names of their storages. */
const storageTypes: Readonly<Record<string, string>> = {
  FloatStorage: 'F32',
  DoubleStorage: 'F64',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
  ComplexFloatStorage: 'C64',
}

/** A file's rules, and the storages that its pickle has named so far, by key. */
export interface TorchRules extends PickleRules {
  readonly storages: ReadonlyMap<string, TorchStorage>
}

export function torchRules(file: string): TorchRules {
  const storages = new Map<string, TorchStorage>()
  return {
    callables: { 'collections.OrderedDict': orderedDict(), ...tensorCallables, ...storageCallables },
    storages,
    persistent(id) {
      const storage = storageOf(id)
      const known = storages.get(storage.key)
      if (known !== undefined && (known.dtype !== storage.dtype || known.count !== storage.count))
        throw new Error('a storage of two types')
      storages.set(storage.key, storage)
      return storage
    },
    forbidden(callable, isOutermost) {
      const code = isOutermost || isModule(callable) ? 'torch-whole-model' : 'torch-needs-code'
      return labError(code, { file, callable: shortened(callable, maxShown) })
    },
    malformed: (fault, place) => torchMalformed(file, fault, place),
  }
}

export function torchMalformed(
  file: string,
  problem: ParametersOf<'torch-malformed'>['problem'],
  place: string,
): LabError {
  return labError('torch-malformed', { file, problem, place })
}

/** Classes of layers and networks, of which whole models consist. */
function isModule(callable: string): boolean {
  return /^(torch\.nn\.modules|torchvision\.models|timm\.(models|layers))\./.test(callable)
}

/** The storages' classes, which are named and never called. */
const storageCallables: Callables = Object.fromEntries(
  Object.keys(storageTypes).map((name): [string, Callable] => [
    `torch.${name}`,
    () => {
      throw new Error('a call of a storage')
    },
  ]),
)

const rebuildTensor: Callable = (storage, offset, shape, strides): TorchTensor => {
  if (!isStorage(storage) || !isCount(offset) || !isCounts(shape) || !isCounts(strides))
    throw new Error('a tensor without storage, offset, shape and strides')
  if (shape.length !== strides.length) throw new Error('a tensor with as many strides as axes is needed')
  return { kind: 'torch-tensor', storage, offset: storage.start + offset, shape, strides, setState: noState }
}

const tensorCallables: Callables = {
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_parameter': (tensor) => {
    if (!isTensor(tensor)) throw new Error('a parameter of what is no tensor')
    return tensor
  },
}

/**
 * ('storage', class, key, device, number of values), and in the old format a view: null or (key, offset, number of
 * values). Throws for anything else.
 */
function storageOf(id: Pickled | undefined): TorchStorage {
  const [what, type, key, , count, view] = isList(id) ? id : []
  const name = textOf(key)
  if (textOf(what) !== 'storage' || !isCallable(type) || name === null || !isCount(count))
    throw new Error('an object outside the pickle that is no storage')
  const dtype = storageTypes[type.name.replace(/^torch\./, '')]
  if (dtype === undefined) throw new Error('a storage without a type')
  return { kind: 'torch-storage', key: name, dtype, count, start: startOf(view), setState: noState }
}

function startOf(view: Pickled | undefined): number {
  if (view === null || view === undefined) return 0
  const [, offset] = isList(view) ? view : []
  if (!isCount(offset)) throw new Error('a view without an offset')
  return offset
}

function noState(): void {
  throw new Error('a tensor has no state')
}

function isCount(value: Pickled | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isCounts(value: Pickled | undefined): value is readonly number[] {
  return isList(value) && value.length <= maxDimensions && value.every(isCount)
}

function isStorage(value: Pickled | undefined): value is TorchStorage {
  return isOfKind(value, 'torch-storage')
}

export function isTensor(value: Pickled | undefined): value is TorchTensor {
  return isOfKind(value, 'torch-tensor')
}

function isOfKind(value: Pickled | undefined, kind: string): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind
}
