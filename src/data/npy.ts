/**
 * NPY, numpy's file for one array (numpy.lib.format): the magic `\x93NUMPY`, a version, the header's length, a
 * Python dictionary with `descr`, `fortran_order` and `shape`, then the values. Arrays of numbers in C order and
 * little-endian are read; objects (pickles) never.
 */
import { labError } from '../contract/errors'

export interface NpyArray {
  /** numpy's name of the type, such as `|u1` or `<f4`. */
  readonly type: string
  readonly shape: readonly number[]
  /** The raw values. */
  readonly bytes: Buffer
}

/** Bytes a value by numpy's name of the type. */
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

const magic = Buffer.from('\x93NUMPY', 'latin1')
const headerPattern =
  /^\{\s*'descr':\s*'([^']+)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([\d,\s]*)\),?\s*\}\s*$/

/** An array with its name, as people read it: `|u1 [10, 28, 28]`. */
export function describe(array: Pick<NpyArray, 'type' | 'shape'>): string {
  return `${array.type} [${array.shape.join(', ')}]`
}

/** Where the text of the header begins and ends; null where there is none. */
function headerSpan(bytes: Buffer): [number, number] | null {
  if (bytes.length < 12 || !bytes.subarray(0, 6).equals(magic)) return null
  const start = bytes[6] === 1 ? 10 : 12
  const length = bytes[6] === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8)
  return start + length <= bytes.length ? [start, start + length] : null
}

/** Throws `npz-damaged` where this is no such file, `npz-wrong-array` where it holds what is not read here. */
export function decodeNpy(bytes: Buffer, file: string, array: string): NpyArray {
  const span = headerSpan(bytes)
  const header = span === null ? null : headerPattern.exec(bytes.toString('latin1', ...span))
  if (span === null || header === null) throw labError('npz-damaged', { file })
  const [, type = '', fortranOrder, lengths = ''] = header
  const shape = lengths.split(',').flatMap((text) => (text.trim() === '' ? [] : [Number(text)]))
  const size = sizes[type]
  if (size === undefined || fortranOrder === 'True') {
    const found = `${describe({ type, shape })}${fortranOrder === 'True' ? ' fortran_order' : ''}`
    throw labError('npz-wrong-array', { file, array, found, expected: Object.keys(sizes).join(' | ') })
  }
  const values = bytes.subarray(span[1])
  if (values.length !== shape.reduce((product, length) => product * length, size)) {
    throw labError('npz-damaged', { file })
  }
  return { type, shape, bytes: values }
}

/** The inverse of `decodeNpy`, version 1.0; the values begin at a multiple of 64 bytes. */
export function encodeNpy(array: NpyArray): Buffer {
  const shape = array.shape.length === 1 ? `${array.shape.join()},` : array.shape.join(', ')
  const dictionary = `{'descr': '${array.type}', 'fortran_order': False, 'shape': (${shape}), }`
  const length = Math.ceil((magic.length + 4 + dictionary.length + 1) / 64) * 64 - magic.length - 4
  const prefix = Buffer.from([1, 0, length & 0xff, length >> 8])
  const header = Buffer.from(`${dictionary.padEnd(length - 1)}\n`, 'latin1')
  return Buffer.concat([magic, prefix, header, array.bytes])
}
