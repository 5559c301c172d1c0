/** Numbers as they lie in a file: their types and byte orders, and arrays that are stored column by column. */
import type { Numbers } from '../arrays/array-file'

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

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, 1)

function swap(bytes: Buffer, width: 1 | 2 | 4 | 8): Buffer {
  if (width === 2) return bytes.swap16()
  if (width === 4) return bytes.swap32()
  return width === 8 ? bytes.swap64() : bytes
}

/** The value of a half-precision float. */
export function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** The values in `bytes`, which are copied unless a value is one byte. 64-bit integers beyond 2^53 are rounded. */
export function valuesOf(bytes: Uint8Array, type: ElementType, order: 'little' | 'big'): Numbers {
  const width = elementBytes[type]
  if (type === 'uint8') return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  if (type === 'int8') return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  const count = Math.floor(bytes.length / width)
  // A new buffer begins at a multiple of eight bytes, as views of wide values must.
  const buffer = new ArrayBuffer(count * width)
  const copy = Buffer.from(buffer)
  copy.set(bytes.subarray(0, count * width))
  if (order === 'big') swap(copy, width)
  switch (type) {
    case 'bool':
      return new Uint8Array(buffer).map((value) => Number(value !== 0))
    case 'uint16':
      return new Uint16Array(buffer)
    case 'int16':
      return new Int16Array(buffer)
    case 'float16':
      return Float32Array.from(new Uint16Array(buffer), halfFloat)
    case 'uint32':
      return new Uint32Array(buffer)
    case 'int32':
      return new Int32Array(buffer)
    case 'float32':
      return new Float32Array(buffer)
    case 'float64':
      return new Float64Array(buffer)
    default:
      return wideIntegers(new Uint32Array(buffer), type === 'int64')
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

const emptyLike = (values: Numbers): Numbers =>
  new (values.constructor as new (length: number) => Numbers)(values.length)

/** Values stored with the first index fastest, as MATLAB and Fortran do, in C order: the last index fastest. */
export function rowMajor(values: Numbers, shape: readonly number[]): Numbers {
  if (shape.filter((length) => length !== 1).length < 2) return values
  const sorted = emptyLike(values)
  const last = shape.length - 1
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)))
  const index = shape.map(() => 0)
  const [length, step] = [shape[last] ?? 1, strides[last] ?? 1]
  let start = 0
  for (let at = 0; at < sorted.length; at += length) {
    for (let i = 0, from = start; i < length; i++, from += step) sorted[at + i] = values[from] ?? 0
    for (let axis = last - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1
      start += strides[axis] ?? 0
      index[axis] = next
      if (next < (shape[axis] ?? 0)) break
      start -= next * (strides[axis] ?? 0)
      index[axis] = 0
    }
  }
  return sorted
}
