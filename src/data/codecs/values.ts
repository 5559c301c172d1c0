/** Numbers as they lie in a file: their types and byte orders, and arrays that are stored column by column. */
import { float16s } from '../../files/float16'
import type { Numbers } from '../arrays/array-file'
import { fortranStrides, inOrder } from '../arrays/axes'

/** numpy's names. */
export type ElementType =
  | 'bool'
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'float16'
  | 'uint32'
  | 'int32'
  | 'float32'
  | 'uint64'
  | 'int64'
  | 'float64'

export const isElementType = (name: string): name is ElementType => name in elementBytes

/** Bytes of one value. */
export const elementBytes: Readonly<Record<ElementType, 1 | 2 | 4 | 8>> = {
  bool: 1,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  float16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  uint64: 8,
  int64: 8,
  float64: 8,
}

interface NumbersKind {
  new (buffer: ArrayBufferLike, start: number, count: number): Numbers
  from(values: ArrayLike<number>): Numbers
}

/** What holds values of a type in memory. */
const kinds: Readonly<Record<ElementType, NumbersKind>> = {
  bool: Uint8Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  float16: Float32Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  uint64: Float64Array,
  int64: Float64Array,
  float64: Float64Array,
}

/** Values of one type as values of another; the same array if its kind is right already. */
export function asType(values: Numbers, type: ElementType): Numbers {
  if (type === 'bool') return Uint8Array.from(values, (value) => Number(value !== 0))
  const Kind = kinds[type]
  return values instanceof Kind ? values : Kind.from(values)
}

function swap(bytes: Buffer, width: 1 | 2 | 4 | 8): Buffer {
  if (width === 2) return bytes.swap16()
  if (width === 4) return bytes.swap32()
  return width === 8 ? bytes.swap64() : bytes
}

/** Bytes in this machine's order, at an address that typed arrays allow; a copy only where that is needed. */
function native(bytes: Uint8Array, width: 1 | 2 | 4 | 8, order: 'little' | 'big'): Uint8Array {
  if (width === 1 || (order === 'little' && bytes.byteOffset % width === 0)) return bytes
  const copy = Buffer.from(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
  return order === 'big' ? swap(copy, width) : copy
}

/**
 * The values in `bytes`, whose memory they may share. 64-bit integers beyond 2^53 are rounded. Bytes after the last whole
 * value are left out.
 */
export function valuesOf(bytes: Uint8Array, type: ElementType, order: 'little' | 'big'): Numbers {
  const width = elementBytes[type]
  const count = Math.floor(bytes.length / width)
  const { buffer, byteOffset: start } = native(bytes.subarray(0, count * width), width, order)
  switch (type) {
    case 'bool':
      return new Uint8Array(buffer, start, count).map((value) => Number(value !== 0))
    case 'float16':
      return float16s(new Uint16Array(buffer, start, count))
    case 'int64':
    case 'uint64':
      return wideIntegers(new Uint32Array(buffer, start, 2 * count), type === 'int64')
    default:
      return new kinds[type](buffer, start, count)
  }
}

function wideIntegers(halves: Uint32Array, signed: boolean): Float64Array {
  const values = new Float64Array(halves.length / 2)
  for (let i = 0; i < values.length; i++) {
    const high = halves[2 * i + 1] ?? 0
    values[i] = (signed ? high | 0 : high) * 2 ** 32 + (halves[2 * i] ?? 0)
  }
  return values
}

/** Values stored with the first index fastest, as MATLAB and Fortran do, in C order: the last index fastest. */
export function rowMajor(values: Numbers, shape: readonly number[]): Numbers {
  return inOrder(values, shape, fortranStrides(shape))
}
