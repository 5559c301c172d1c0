/**
 * A dataset as named arrays, in an .npz file or a folder of .npy files: `images` and `labels`, and if there are test
 * images, `test_images` and `test_labels`.
 *
 * `images`: `[n, h, w]` or `[n, h, w, 1 | 3]`, bytes (0 to 255) or floats in [0, 1]; 0 is black.
 *
 * `labels`: `[n]`, whole numbers from 0.
 */
import { promises as fs } from 'fs'
import { join } from 'path'
import { zipSync } from 'fflate'
import { labError } from '../contract/errors'
import { equalImages, type ImageSet, type ImageTable, maxClasses } from './dataset'
import { maxShown, readWhole } from './file'
import { decodeNpy, describe, encodeNpy, type NpyArray } from './npy'
import { type Arrays, unpackNpz } from './npz-archive'
import { sizeAt } from './sizes'
import { shortened } from '../contract/shortened'

const imagesExpected = '|u1 | <f4 | <f8 [n, h, w] | [n, h, w, 1] | [n, h, w, 3]'
const names = ['images', 'labels', 'test_images', 'test_labels'] as const
type ArrayName = (typeof names)[number]

interface Images {
  readonly shape: readonly [number, number, number, 1 | 3]
  readonly pixels: Uint8Array | Float32Array
}

/** The array called `name`. Throws `npz-missing-array`, which lists the arrays found. */
function arrayOf(arrays: Arrays, name: ArrayName, file: string): NpyArray {
  const bytes = arrays[name]
  if (bytes === undefined) {
    const found = Object.keys(arrays).join(', ')
    throw labError('npz-missing-array', { file, array: name, found: shortened(found, maxShown) })
  }
  return decodeNpy(bytes, file, name)
}

function floatsOf({ type, bytes }: NpyArray): Float32Array {
  const wide = type === '<f8'
  const values = new Float32Array(bytes.length / (wide ? 8 : 4))
  for (let i = 0; i < values.length; i++) {
    values[i] = wide ? bytes.readDoubleLE(8 * i) : bytes.readFloatLE(4 * i)
  }
  return values
}

/** The range of values; `NaN` if one of them is not a number. */
function rangeOf(values: Float32Array): [number, number] {
  let least = Infinity
  let most = -Infinity
  for (const value of values) {
    if (Number.isNaN(value)) return [NaN, NaN]
    if (value < least) least = value
    if (value > most) most = value
  }
  return [least, most]
}

function imagesOf(array: NpyArray, name: ArrayName, file: string): Images {
  const [count = 0, height = 0, width = 0, channels = 1] = array.shape
  const known = ['|u1', '<f4', '<f8'].includes(array.type) && [3, 4].includes(array.shape.length)
  if (!known || (channels !== 1 && channels !== 3)) {
    throw labError('npz-wrong-array', {
      file,
      array: name,
      found: describe(array),
      expected: imagesExpected,
    })
  }
  if (count * height * width === 0) throw labError('dataset-empty', { file })
  const shape = [count, height, width, channels] as const
  if (array.type === '|u1') return { shape, pixels: array.bytes }
  const pixels = floatsOf(array)
  const [least, most] = rangeOf(pixels)
  if (!(least >= 0 && most <= 1)) {
    const found = `${describe(array)} ${least} … ${most}`
    throw labError('npz-wrong-array', { file, array: name, found, expected: `${array.type} 0 … 1` })
  }
  return { shape, pixels }
}

/**
 * The whole number at index `i`. A 64-bit number too large for a double is rounded, and is still large enough to be
 * refused.
 */
function integerAt({ type, bytes }: NpyArray, i: number): number {
  const size = Number(type[2])
  const signed = type[1] === 'i'
  if (size < 8) return signed ? bytes.readIntLE(size * i, size) : bytes.readUIntLE(size * i, size)
  const high = signed ? bytes.readInt32LE(8 * i + 4) : bytes.readUInt32LE(8 * i + 4)
  return high * 2 ** 32 + bytes.readUInt32LE(8 * i)
}

function labelsOf(array: NpyArray, name: ArrayName, count: number, file: string): Int32Array {
  const wrong = (found: string, expected: string) =>
    labError('npz-wrong-array', { file, array: name, found, expected })
  if (array.shape.length !== 1 || array.shape[0] !== count || !/[iu]\d$/.test(array.type)) {
    throw wrong(describe(array), `|u1 | <i4 | <i8 [${count}]`)
  }
  const labels = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    const label = integerAt(array, i)
    if (label < 0 || label >= maxClasses) throw wrong(`${label} [${i}]`, `0 … ${maxClasses - 1}`)
    labels[i] = label
  }
  return labels
}

function readSplit(
  arrays: Arrays,
  imagesName: ArrayName,
  labelsName: ArrayName,
  file: string,
): Images & { readonly labels: Int32Array } {
  const images = imagesOf(arrayOf(arrays, imagesName, file), imagesName, file)
  const labels = labelsOf(arrayOf(arrays, labelsName, file), labelsName, images.shape[0], file)
  return { ...images, labels }
}

/** `file` is the origin of the arrays, used in errors. */
export function decodeArrays(arrays: Arrays, file: string): ImageTable {
  const train = readSplit(arrays, 'images', 'labels', file)
  const test =
    'test_images' in arrays || 'test_labels' in arrays
      ? readSplit(arrays, 'test_images', 'test_labels', file)
      : null
  const [, height, width, channels] = train.shape
  if (test !== null && String(test.shape.slice(1)) !== String(train.shape.slice(1))) {
    throw labError('npz-wrong-array', {
      file,
      array: 'test_images',
      found: `[${test.shape.join(', ')}]`,
      expected: `[${['n', height, width, channels].join(', ')}]`,
    })
  }
  return equalImages({ width, height, channels, train, test })
}

export async function readNpz(file: string): Promise<ImageTable> {
  return decodeArrays(await unpackNpz(await readWhole(file), file), file)
}

const npyNames = names.map((name) => `${name}.npy`)

/** Whether a folder with these files is read as a folder of .npy files. */
export function holdsNpy(files: readonly string[]): boolean {
  return files.some((file) => npyNames.includes(file))
}

/** The files together have at most `maxBytes`. */
export async function readNpyFolder(folder: string): Promise<ImageTable> {
  const files = await fs.readdir(folder)
  const arrays: Record<string, Buffer> = {}
  let taken = 0
  for (const name of names) {
    if (!files.includes(`${name}.npy`)) continue
    const bytes = await readWhole(join(folder, `${name}.npy`), taken)
    taken += bytes.length
    arrays[name] = bytes
  }
  return decodeArrays(arrays, folder)
}

function pixelsAsNpy({ pixels, labels, sizes }: ImageSet, channels: number): Buffer {
  const bytes = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength)
  const { width, height } = sizeAt(sizes, 0)
  const shape = [labels.length, height, width, channels]
  return encodeNpy({ type: pixels instanceof Uint8Array ? '|u1' : '<f4', shape, bytes })
}

function labelsAsNpy({ labels }: ImageSet): Buffer {
  const bytes = Buffer.from(labels.buffer, labels.byteOffset, labels.byteLength)
  return encodeNpy({ type: '<i4', shape: [labels.length], bytes })
}

/** The inverse of reading, for images of one size: an .npz that numpy can open. */
export function encodeNpz(table: ImageTable): Uint8Array {
  const files: Record<string, Uint8Array> = {
    'images.npy': pixelsAsNpy(table.train, table.channels),
    'labels.npy': labelsAsNpy(table.train),
  }
  if (table.test !== null) {
    files['test_images.npy'] = pixelsAsNpy(table.test, table.channels)
    files['test_labels.npy'] = labelsAsNpy(table.test)
  }
  return zipSync(files, { level: 1 })
}
