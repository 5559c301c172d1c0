/**
 * The safetensors format: the length of the header as 8 bytes little-endian, the header as JSON (name -> dtype, shape,
 * data_offsets), then the values of all tensors without gaps. Reading and writing follow the specification exactly:
 * any deviation is refused, and reading allocates no more than the size of the file.
 */
import { z } from 'zod'
import { labError, type LabError, type ParametersOf } from '../contract/errors'
import { shortened } from '../contract/shortened'
import { float16s } from '../files/float16'

/** A tensor outside TensorFlow: C order, float32 values. */
export interface NamedTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** A tensor with its value type in the file. */
export interface StoredTensor extends NamedTensor {
  readonly dtype: string
}

/** The position of a tensor's values, in bytes from the start of the data section. */
export interface Entry {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

export interface Header {
  /** The JSON text including the padding spaces. */
  readonly text: string
  readonly metadata: Readonly<Record<string, string>>
  /** In the order of their values. */
  readonly entries: readonly Entry[]
  /** Offset of the data section in the file. */
  readonly dataStart: number
}

export const lengthBytes = 8
const alignment = 8
/**
 * Enough for about ten thousand tensors. Other readers allow a hundred times more, but parsed JSON takes many times
 * its length.
 */
export const maxHeaderBytes = 1_000_000
/** Longest name or type shown in an error; a file can contain names of any length. */
export const maxShown = 100
export const metadataName = '__metadata__'

interface FloatType {
  /** Bytes a value. */
  readonly size: number
  readonly toFloat32: (bytes: ArrayBuffer) => Float32Array
}

/** The value types that can be read; all are converted to float32. */
const floatTypes: ReadonlyMap<string, FloatType> = new Map([
  ['F32', { size: 4, toFloat32: (bytes: ArrayBuffer) => new Float32Array(bytes) }],
  ['F64', { size: 8, toFloat32: (bytes: ArrayBuffer) => new Float32Array(new Float64Array(bytes)) }],
  ['F16', { size: 2, toFloat32: (bytes) => float16s(new Uint16Array(bytes)) }],
  ['BF16', { size: 2, toFloat32: bfloat16s }],
])

/** Bytes a value of the other types that PyTorch writes; tensors of these types are not decoded. */
const otherSizes: ReadonlyMap<string, number> = new Map([
  ['BOOL', 1],
  ['U8', 1],
  ['I8', 1],
  ['F8_E4M3', 1],
  ['F8_E5M2', 1],
  ['U16', 2],
  ['I16', 2],
  ['U32', 4],
  ['I32', 4],
  ['U64', 8],
  ['I64', 8],
  ['C64', 8],
])

/** numpy's own limit; a header could otherwise list half a million dimensions of length 1. */
export const maxDimensions = 64

/** The types as which weights are read, for a sentence. */
const readableTypes = [...floatTypes.keys()].join(', ')

/** Bytes of one value of a type; undefined: no known type. */
export function valueBytes(dtype: string): number | undefined {
  return floatTypes.get(dtype)?.size ?? otherSizes.get(dtype)
}

/** Values of a type as float32; null: weights are not read from this type. */
export function toFloat32(dtype: string, bytes: ArrayBuffer): Float32Array | null {
  return floatTypes.get(dtype)?.toFloat32(bytes) ?? null
}

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)).max(maxDimensions),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
})

/** The number of values of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}

/** A whole file. Names must be unique, and each tensor must have as many values as its shape says. */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  return Buffer.concat(partsOf(encodeHeader(tensors, metadata), tensors))
}

/** The header, padded with spaces so that the data section begins at a multiple of 8. */
export function encodeHeader(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>>,
): string {
  const entries = new Map<string, unknown>([[metadataName, metadata]])
  let end = 0
  for (const { name, shape, data } of tensors) {
    if (entries.has(name)) throw new Error(`a second tensor named ${name}`)
    if (sizeOf(shape) !== data.length) throw new Error(`${name}: ${data.length} values for [${shape.join()}]`)
    const begin = end
    end += data.byteLength
    entries.set(name, { dtype: 'F32', shape, data_offsets: [begin, end] })
  }
  const text = JSON.stringify(Object.fromEntries(entries))
  const length = Buffer.byteLength(text)
  return text + ' '.repeat(Math.ceil(length / alignment) * alignment - length)
}

/** The parts of a file: a header and the values that it describes. */
export function partsOf(header: string, tensors: readonly NamedTensor[]): Uint8Array[] {
  const text = Buffer.from(header)
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32LE(text.length, 0)
  return [length, text, ...tensors.map(bytesOf)]
}

/** The values as stored in a file. All machines that the lab's TensorFlow supports are little-endian. */
export function bytesOf({ data }: NamedTensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

/** Throws `checkpoint-cut-short`, `checkpoint-malformed` and `tensor-type-unreadable`. */
export function decodeSafetensors(
  bytes: Uint8Array,
  file: string,
): { tensors: StoredTensor[]; metadata: Readonly<Record<string, string>> } {
  const header = decodeHeader(bytes, file)
  return { tensors: decodeTensors(bytes, header, file), metadata: header.metadata }
}

/** The validated header: the tensors are inside the file, do not overlap, and leave no bytes between or after them. */
export function decodeHeader(bytes: Uint8Array, file: string): Header {
  const text = headerText(bytes, file)
  const members = parseObject(text, file)
  const repeated = repeatedName(text)
  if (repeated !== null) throw malformed(file, 'name-twice', shown(repeated))
  const dataStart = lengthBytes + Buffer.byteLength(text)
  const metadata = members[metadataName] ?? {}
  if (!isTextMap(metadata)) throw malformed(file, 'no-text-map', metadataName)
  const entries = Object.entries(members)
    .filter(([name]) => name !== metadataName)
    .map(([name, member]) => readEntry(name, member, file))
    .sort((a, b) => a.begin - b.begin || a.end - b.end)
  checkCover(entries, bytes.length - dataStart, file)
  return { text, metadata, entries, dataStart }
}

/** The tensors of a file whose header has been read, with their values as float32. */
export function decodeTensors(bytes: Uint8Array, header: Header, file: string): StoredTensor[] {
  return header.entries.map((entry) => decodeTensor(bytes, header, entry, file))
}

/**
 * One tensor of a file whose header has been read, with its values as float32.
 * @throws `tensor-type-unreadable`
 */
export function decodeTensor(
  bytes: Uint8Array,
  { dataStart }: Header,
  { name, dtype, shape, begin, end }: Entry,
  file: string,
): StoredTensor {
  const start = bytes.byteOffset + dataStart
  const data = floatTypes.has(dtype)
    ? toFloat32(dtype, bytes.buffer.slice(start + begin, start + end) as ArrayBuffer)
    : null
  if (data === null) throw typeUnreadable(name, dtype, file)
  return { name, dtype, shape, data }
}

export function typeUnreadable(tensor: string, type: string, file: string): LabError {
  return labError('tensor-type-unreadable', {
    file,
    tensor: shown(tensor),
    type: shown(type),
    known: readableTypes,
  })
}

function headerText(bytes: Uint8Array, file: string): string {
  if (bytes.length < lengthBytes) throw labError('checkpoint-cut-short', { file })
  const view = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes)
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32
  if (length > maxHeaderBytes) throw malformed(file, 'header-too-long', 'header')
  if (lengthBytes + length > bytes.length) throw labError('checkpoint-cut-short', { file })
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset + lengthBytes, length)
  const text = raw.toString('utf8')
  if (!Buffer.from(text).equals(raw)) throw malformed(file, 'header-not-utf8', 'header')
  if (!text.startsWith('{')) throw malformed(file, 'header-no-object', 'header')
  return text
}

function parseObject(text: string, file: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    throw malformed(file, 'not-json', 'header')
  }
}

function shown(text: string): string {
  return shortened(text, maxShown)
}

/**
 * The first name that occurs twice in one object of a JSON text; null if there is none. JSON.parse keeps the second
 * value and other readers the first, so they would disagree about such a file.
 */
function repeatedName(json: string): string | null {
  const open: (Set<string> | null)[] = []
  // Tokens: whole strings, with a colon if they are member names, and brackets.
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(null)
    else if (token === '}' || token === ']') open.pop()
    else if (token.endsWith(':')) {
      const name = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1)) as string
      const names = open[open.length - 1]
      if (names?.has(name) === true) return name
      names?.add(name)
    }
  }
  return null
}

function isTextMap(value: unknown): value is Readonly<Record<string, string>> {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isMap && Object.values(value).every((member) => typeof member === 'string')
}

function readEntry(name: string, member: unknown, file: string): Entry {
  const parsed = entrySchema.safeParse(member)
  if (!parsed.success) throw malformed(file, 'entry-incomplete', shown(name))
  const { dtype, shape, data_offsets } = parsed.data
  const [begin, end] = data_offsets
  const size = valueBytes(dtype)
  if (begin > end || (size !== undefined && sizeOf(shape) * size !== end - begin)) {
    const claimed = shown(shape.join(', '))
    throw malformed(file, 'length-misfit', `${shown(name)} [${claimed}]`)
  }
  return { name, dtype, shape, begin, end }
}

/** The specification requires that the tensors, placed end to end, fill the data section. */
function checkCover(entries: readonly Entry[], available: number, file: string): void {
  let covered = 0
  for (const { name, begin, end } of entries) {
    if (begin !== covered) {
      throw malformed(file, begin < covered ? 'overlap' : 'gap', shown(name))
    }
    covered = end
  }
  if (covered > available) throw labError('checkpoint-cut-short', { file })
  if (covered < available) throw malformed(file, 'trailing-bytes', 'end')
}

/** bfloat16 is the upper half of a float32. */
function bfloat16s(bytes: ArrayBuffer): Float32Array {
  const upper = new Uint16Array(bytes)
  const bits = new Uint32Array(upper.length)
  for (let i = 0; i < bits.length; i++) bits[i] = (upper[i] ?? 0) << 16
  return new Float32Array(bits.buffer)
}

function malformed(
  file: string,
  problem: ParametersOf<'checkpoint-malformed'>['problem'],
  place: string,
): LabError {
  return labError('checkpoint-malformed', { file, problem, place })
}
