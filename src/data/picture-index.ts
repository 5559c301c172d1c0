/**
 * What an imported folder of images holds beside its pixels, as an .npz that numpy can open, for n images:
 *
 * `labels` `<i4 [n]`; `held` `<i4 [1]`, how many of the last images are held out; `sizes` `<u2 [n, 2]`, width and height; `origins` `|u1`, the paths of the files relative to the
 * folder in UTF-8, each ended by a zero byte; `digests` `|u1 [n, 8]`, the first bytes of each file's SHA-256.
 *
 * The pixels are in a file of their own, picture after picture, each `[height, width, channels]` bytes, so that a
 * picture can be read without the others.
 */
import { createHash } from 'crypto'
import { zipSync } from 'fflate'
import { labError } from '../contract/errors'
import { unknownLabel } from './dataset'
import { decodeNpy, encodeNpy, type NpyArray } from './codecs/npy'
import type { Arrays } from './codecs/npz-archive'
import { sizeAt, type Sizes, sizesOf } from './sizes'

/** The images of one split. */
export interface IndexedSet {
  readonly labels: Int32Array
  readonly sizes: Sizes
  readonly origins: readonly string[]
}

export interface PictureIndex {
  readonly train: IndexedSet
  /** Null if no images are held out. Their pixels follow those of `train`. */
  readonly test: IndexedSet | null
  /** The digest of each file, as hexadecimal digits, training files first. */
  readonly digests: readonly string[]
}

const digestBytes = 8

/** The digest by which a changed file is recognised. */
export function fileDigest(bytes: Uint8Array): string {
  return createHash('sha256')
    .update(bytes)
    .digest('hex')
    .slice(0, 2 * digestBytes)
}

function numbersAsNpy(type: string, shape: readonly number[], values: Int32Array | Uint16Array): NpyArray {
  return { type, shape, bytes: Buffer.from(values.buffer, values.byteOffset, values.byteLength) }
}

export function encodeIndex({ train, test, digests }: PictureIndex): Uint8Array {
  const sets = test === null ? [train] : [train, test]
  const labels = Int32Array.from(sets.flatMap((set) => Array.from(set.labels)))
  const origins = sets.flatMap((set) => set.origins)
  const count = labels.length
  const sides = Uint16Array.from(
    sets.flatMap(({ sizes, labels: { length } }) =>
      Array.from({ length }, (_, row) => sizeAt(sizes, row)).flatMap(({ width, height }) => [width, height]),
    ),
  )
  const names = Buffer.from(origins.map((origin) => `${origin}\0`).join(''))
  const hashes = Buffer.from(digests.join(''), 'hex')
  const arrays: Record<string, NpyArray> = {
    labels: numbersAsNpy('<i4', [count], labels),
    held: numbersAsNpy('<i4', [1], Int32Array.of(test?.labels.length ?? 0)),
    sizes: numbersAsNpy('<u2', [count, 2], sides),
    origins: { type: '|u1', shape: [names.length], bytes: names },
    digests: { type: '|u1', shape: [count, digestBytes], bytes: hashes },
  }
  const files = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(array)] as const)
  return zipSync(Object.fromEntries(files), { level: 1 })
}

/** An array of the index. Throws `dataset-damaged` if it is missing or has another type or shape. */
function arrayIn(arrays: Arrays, name: string, type: string, rest: readonly number[], file: string): Buffer {
  const bytes = arrays[name]
  const array = bytes && decodeNpy(bytes, file, name)
  if (array?.type !== type || String(array.shape.slice(1)) !== String(rest)) {
    throw labError('dataset-damaged', { file })
  }
  return array.bytes
}

/**
 * Decodes an index of images with `classes` classes; all its parts must agree.
 * @throws `dataset-damaged`, `npz-damaged`
 */
export function decodeIndex(arrays: Arrays, classes: number, file: string): PictureIndex {
  const labelBytes = arrayIn(arrays, 'labels', '<i4', [], file)
  const sideBytes = arrayIn(arrays, 'sizes', '<u2', [2], file)
  const names = arrayIn(arrays, 'origins', '|u1', [], file)
  const hashes = arrayIn(arrays, 'digests', '|u1', [digestBytes], file)
  const count = labelBytes.length / 4
  const labels = Int32Array.from({ length: count }, (_, row) => labelBytes.readInt32LE(4 * row))
  const origins = names.toString('utf8').split('\0').slice(0, -1)
  const held = heldIn(arrays, file)
  const agree =
    count > 0 &&
    held >= 0 &&
    held < count &&
    sideBytes.length === 4 * count &&
    hashes.length === digestBytes * count &&
    origins.length === count &&
    labels.every((label) => label >= unknownLabel && label < classes)
  if (!agree) throw labError('dataset-damaged', { file })
  const side = (row: number, axis: number) => sideBytes.readUInt16LE(4 * row + 2 * axis)
  const widths = Uint16Array.from({ length: count }, (_, row) => side(row, 0))
  const heights = Uint16Array.from({ length: count }, (_, row) => side(row, 1))
  if (widths.includes(0) || heights.includes(0)) throw labError('dataset-damaged', { file })
  const digests = Array.from({ length: count }, (_, row) =>
    hashes.toString('hex', digestBytes * row, digestBytes * (row + 1)),
  )
  const set = (start: number, end: number): IndexedSet => ({
    labels: labels.slice(start, end),
    sizes: sizesOf(widths.slice(start, end), heights.slice(start, end)),
    origins: origins.slice(start, end),
  })
  const kept = count - held
  return { train: set(0, kept), test: held === 0 ? null : set(kept, count), digests }
}

/** The number of images that are held out; indexes of earlier versions have none. */
function heldIn(arrays: Arrays, file: string): number {
  if (!('held' in arrays)) return 0
  const bytes = arrayIn(arrays, 'held', '<i4', [], file)
  return bytes.length === 4 ? bytes.readInt32LE(0) : -1
}
