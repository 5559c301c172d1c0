/**
 * NPY, numpy's file format for one array: a header (files/npy-header.ts), then the values. Only little-endian numeric
 * arrays in C order are read, never objects (pickles).
 */
import { labError } from '../../contract/errors'
import { readNpyHeader, writeNpyHeader } from '../../files/npy-header'

export interface NpyArray {
  /** numpy's name of the type, such as `|u1` or `<f4`. */
  readonly type: string
  readonly shape: readonly number[]
  /** The raw values. */
  readonly bytes: Buffer
}

/** Bytes per value, by numpy's name of the type. */
const sizes: Readonly<Record<string, number>> = {
  '|u1': 1,
  '|i1': 1,
  '<u2': 2,
  '<i2': 2,
  '<u4': 4,
  '<i4': 4,
  '<u8': 8,
  '<i8': 8,
  '<f4': 4,
  '<f8': 8,
}

const headerPattern =
  /^\{\s*'descr':\s*'([^']+)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([\d,\s]*)\),?\s*\}\s*$/

/** An array's type and shape in readable form: `|u1 [10, 28, 28]`. */
export function describe(array: Pick<NpyArray, 'type' | 'shape'>): string {
  return `${array.type} [${array.shape.join(', ')}]`
}

/** Throws `npz-damaged` if this is not an NPY file, `npz-wrong-array` if its type or layout is not supported. */
export function decodeNpy(bytes: Buffer, file: string, array: string): NpyArray {
  const header = readNpyHeader(bytes)
  const fields = header && headerPattern.exec(header.text)
  if (header === null || fields === null) throw labError('npz-damaged', { file })
  const [, type = '', fortranOrder, lengths = ''] = fields
  const shape = lengths.split(',').flatMap((text) => (text.trim() === '' ? [] : [Number(text)]))
  const size = sizes[type]
  if (size === undefined || fortranOrder === 'True') {
    const found = `${describe({ type, shape })}${fortranOrder === 'True' ? ' fortran_order' : ''}`
    throw labError('npz-wrong-array', { file, array, found, expected: Object.keys(sizes).join(' | ') })
  }
  const values = bytes.subarray(header.valuesStart)
  if (values.length !== shape.reduce((product, length) => product * length, size)) {
    throw labError('npz-damaged', { file })
  }
  return { type, shape, bytes: values }
}

/** The inverse of `decodeNpy`, version 1.0; the values begin at a multiple of 64 bytes. */
export function encodeNpy(array: NpyArray): Buffer {
  return Buffer.concat([writeNpyHeader(array.type, array.shape), array.bytes])
}
