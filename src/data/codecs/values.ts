/** Numbers as they lie in a file: their types and byte orders, and arrays that are stored column by column. */
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

function swap(bytes: Buffer, width: 1 | 2 | 4 | 8): Buffer {
  if (width === 2) return bytes.swap16()
  if (width === 4) return bytes.swap32()
  return width === 8 ? bytes.swap64() : bytes
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** `[2 ** 16]`: what the bits of half-precision floats mean. */
let halves: Float32Array | null = null

function fromHalves(bits: Uint16Array): Float32Array {
  const table = (halves ??= Float32Array.from({ length: 2 ** 16 }, (_, one) => halfFloat(one)))
  const values = new Float32Array(bits.length)
  for (let i = 0; i < bits.length; i++) values[i] = table[bits[i] ?? 0] ?? 0
  return values
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
    case 'uint8':
      return new Uint8Array(buffer, start, count)
    case 'int8':
      return new Int8Array(buffer, start, count)
    case 'uint16':
      return new Uint16Array(buffer, start, count)
    case 'int16':
      return new Int16Array(buffer, start, count)
    case 'float16':
      return fromHalves(new Uint16Array(buffer, start, count))
    case 'uint32':
      return new Uint32Array(buffer, start, count)
    case 'int32':
      return new Int32Array(buffer, start, count)
    case 'float32':
      return new Float32Array(buffer, start, count)
    case 'float64':
      return new Float64Array(buffer, start, count)
    default:
      return wideIntegers(new Uint32Array(buffer, start, 2 * count), type === 'int64')
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
