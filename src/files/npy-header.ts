/**
 * The header of NPY, numpy's file format for one array (numpy.lib.format): the magic `\x93NUMPY`, a version, the
 * header's length, and a Python dictionary with `descr`, `fortran_order` and `shape`. The values follow.
 */

const magic = Buffer.from('\x93NUMPY', 'latin1')
/** Magic, version 1.0 and a 16-bit length. */
const prefixLength = magic.length + 4
/** numpy aligns the start of the values to this number of bytes. */
const alignment = 64
/** In characters; numpy's own limit. A longer text is cut, and is then not a valid dictionary. */
const maxTextLength = 10_000

export interface NpyHeader {
  /** The dictionary as text. */
  readonly text: string
  /** Offset of the values in the file; beyond the end of a truncated file. */
  readonly valuesStart: number
}

/** Null if the bytes do not start like an NPY file. */
export function readNpyHeader(bytes: Buffer): NpyHeader | null {
  if (bytes.length < 12 || !bytes.subarray(0, magic.length).equals(magic)) return null
  const isVersion1 = bytes[6] === 1
  const start = isVersion1 ? 10 : 12
  const valuesStart = start + (isVersion1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8))
  const textEnd = Math.min(valuesStart, bytes.length, start + maxTextLength)
  return { text: bytes.toString('latin1', start, textEnd), valuesStart }
}

/** Version 1.0; `descr` in Python's notation, such as `<f4`. */
export function writeNpyHeader(descr: string, shape: readonly number[]): Buffer {
  const lengths = shape.length === 1 ? `${shape.join()},` : shape.join(', ')
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${lengths}), }`
  const end = Math.ceil((prefixLength + dictionary.length + 1) / alignment) * alignment
  const length = end - prefixLength
  return Buffer.concat([
    magic,
    Buffer.from([1, 0, length & 0xff, length >> 8]),
    Buffer.from(`${dictionary.padEnd(length - 1)}\n`, 'latin1'),
  ])
}
