/**
 * IDX, the format of MNIST's own files: two zero bytes, the type of the values, the number of dimensions, each
 * dimension as a big-endian 32-bit number, then the values, big-endian too.
 */
import { labError } from '../../contract/errors'
import { product } from '../arrays/axes'
import { elementBytes, type ElementType } from './values'

/** Types of values by their codes. */
const types: Readonly<Record<number, ElementType>> = {
  0x08: 'uint8',
  0x09: 'int8',
  0x0b: 'int16',
  0x0c: 'int32',
  0x0d: 'float32',
  0x0e: 'float64',
}
const maxDimensions = 8

/** `[count, height, width]` of bytes. */
const imagesMagic = 0x00000803
/** `[count]` of bytes. */
const labelsMagic = 0x00000801

interface IdxArray {
  readonly shape: readonly number[]
  /** Shares memory with the bytes from which it was read. */
  readonly values: Uint8Array
}

export interface IdxImages {
  readonly pixels: Uint8Array
  readonly labels: Uint8Array
  readonly width: number
  readonly height: number
}

export interface IdxHeader {
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly valuesStart: number
  /** Number of bytes that the file has to have. */
  readonly length: number
}

/** Null if the bytes do not start as an IDX file does, or end before its values. */
export function idxHeader(bytes: Buffer): IdxHeader | null {
  const [first, second, code = 0, rank = 0] = bytes
  const type = types[code]
  const valuesStart = 4 + 4 * rank
  if (first !== 0 || second !== 0 || type === undefined || rank === 0 || rank > maxDimensions) return null
  if (bytes.length < valuesStart) return null
  const shape = Array.from({ length: rank }, (_, i) => bytes.readUInt32BE(4 + 4 * i))
  return { type, shape, valuesStart, length: valuesStart + product(shape) * elementBytes[type] }
}

export interface IdxValues extends IdxHeader {
  /** Shares memory with the bytes from which it was read. */
  readonly bytes: Buffer
}

/**
 * The array in `bytes`, of any type and number of dimensions. `file` is named in errors.
 * @throws `idx-wrong-magic`, `idx-cut-short`, `idx-too-long`
 */
export function decodeAnyIdx(bytes: Buffer, file: string): IdxValues {
  const header = idxHeader(bytes)
  if (header === null) {
    const [first, second, code = 0, rank = 0] = bytes
    const isKnown = first === 0 && second === 0 && types[code] !== undefined
    if (isKnown && rank > 0 && rank <= maxDimensions) {
      throw labError('idx-cut-short', { file, found: bytes.length, expected: 4 + 4 * rank })
    }
    throw labError('idx-wrong-magic', { file, found: asHex(bytes), expected: '0x00000803' })
  }
  const { length, valuesStart } = header
  if (bytes.length < length) {
    throw labError('idx-cut-short', { file, found: bytes.length, expected: length })
  }
  if (bytes.length > length) throw labError('idx-too-long', { file, found: bytes.length, expected: length })
  return { ...header, bytes: bytes.subarray(valuesStart) }
}

export function asHex(bytes: Buffer): string {
  return `0x${bytes.subarray(0, 4).toString('hex').padEnd(8, '?')}`
}

/**
 * Decodes the array in `bytes`, whose header must be `magic`. `file` is named in errors.
 * @throws `idx-wrong-magic`, `idx-cut-short`, `idx-too-long`
 */
export function decodeIdx(bytes: Buffer, magic: number, file: string): IdxArray {
  if (bytes.length < 4 || bytes.readUInt32BE(0) !== magic) {
    const expected = `0x${magic.toString(16).padStart(8, '0')}`
    throw labError('idx-wrong-magic', { file, found: asHex(bytes), expected })
  }
  const { shape, bytes: values } = decodeAnyIdx(bytes, file)
  return { shape, values }
}

/** The inverse of `decodeIdx`. */
export function encodeIdx(shape: readonly number[], values: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length)
  header.writeUInt32BE(0x0800 + shape.length, 0)
  shape.forEach((length, i) => header.writeUInt32BE(length, 4 + 4 * i))
  return Buffer.concat([header, values])
}

/**
 * Images and their labels, from the bytes of their two files. Also throws `idx-length-mismatch` and `dataset-empty`.
 */
export function decodeIdxPair(
  images: { readonly bytes: Buffer; readonly file: string },
  labels: { readonly bytes: Buffer; readonly file: string },
): IdxImages {
  const pixels = decodeIdx(images.bytes, imagesMagic, images.file)
  const classes = decodeIdx(labels.bytes, labelsMagic, labels.file)
  const [count = 0, height = 0, width = 0] = pixels.shape
  if (count !== classes.values.length) {
    throw labError('idx-length-mismatch', {
      images: count,
      labels: classes.values.length,
      file: labels.file,
    })
  }
  if (count * height * width === 0) throw labError('dataset-empty', { file: images.file })
  return { width, height, pixels: pixels.values, labels: classes.values }
}
