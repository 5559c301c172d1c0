/**
 * IDX, the format of MNIST's own files: two zero bytes, the type of the values, the number of dimensions, each
 * dimension as a big-endian 32-bit number, then the values. Only bytes (type 8) are read here. A file may be
 * gzip'ed.
 */
import { labError } from '../../contract/errors'
import { gunzip, readWhole } from '../file'

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

function asHex(bytes: Buffer): string {
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
  const dimensions = magic & 0xff
  const header = 4 + 4 * dimensions
  if (bytes.length < header) {
    throw labError('idx-cut-short', { file, found: bytes.length, expected: header })
  }
  const shape = Array.from({ length: dimensions }, (_, i) => bytes.readUInt32BE(4 + 4 * i))
  const expected = shape.reduce((product, length) => product * length, 1) + header
  if (bytes.length < expected) throw labError('idx-cut-short', { file, found: bytes.length, expected })
  if (bytes.length > expected) throw labError('idx-too-long', { file, found: bytes.length, expected })
  return { shape, values: bytes.subarray(header) }
}

/** The inverse of `decodeIdx`. */
export function encodeIdx(shape: readonly number[], values: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length)
  header.writeUInt32BE(0x0800 + shape.length, 0)
  shape.forEach((length, i) => header.writeUInt32BE(length, 4 + 4 * i))
  return Buffer.concat([header, values])
}

/** A file's bytes, unpacked if its name ends in `.gz`. */
async function readUnpacked(file: string, taken: number): Promise<Buffer> {
  return file.endsWith('.gz') ? gunzip(await readWhole(file), file, taken) : readWhole(file, taken)
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

/**
 * Reads a pair of files.
 * @param taken number of bytes that were read from other files of the same dataset
 */
export async function readIdxPair(imagesFile: string, labelsFile: string, taken = 0): Promise<IdxImages> {
  const images = await readUnpacked(imagesFile, taken)
  const labels = await readUnpacked(labelsFile, taken + images.length)
  return decodeIdxPair({ bytes: images, file: imagesFile }, { bytes: labels, file: labelsFile })
}
