/**
 * The arrays in which the lab stores an imported dataset, an .npz of its own. What people bring is read in arrays/.
 * The names are `images` or `features`, with `labels`, and if
 * there are test samples, `test_images` or `test_features`, with `test_labels`.
 *
 * `images`: `[n, h, w]` or `[n, h, w, 1 | 3]`, bytes (0 to 255) or floats in [0, 1]; 0 is black.
 *
 * `features` (or `images`): `[n, d]`, vectors of finite numbers.
 *
 * `labels`: `[n]`, whole numbers from 0; -1 for a sample whose class is not known. Without this array no class is
 * known.
 */
import { zipSync } from 'fflate'
import { labError } from '../contract/errors'
import {
  equalImages,
  type ImageSet,
  maxBytes,
  maxClasses,
  type SampleTable,
  unknownLabel,
  type VectorSet,
} from './dataset'
import { maxShown, tooLarge } from './file'
import { decodeNpy, describe, encodeNpy, type NpyArray } from './codecs/npy'
import type { Arrays } from './codecs/npz-archive'
import { sizeAt } from './sizes'
import { shortened } from '../contract/shortened'

const samplesExpected = '|u1 | <f4 | <f8 [n, h, w] | [n, h, w, 1] | [n, h, w, 3] | [n, d]'
const samplesNames = ['images', 'features', 'test_images', 'test_features'] as const
const labelsNames = ['labels', 'test_labels'] as const
const names = [...samplesNames, ...labelsNames]
type SamplesName = (typeof samplesNames)[number]
type LabelsName = (typeof labelsNames)[number]

interface Images {
  readonly kind: 'image'
  readonly shape: readonly [count: number, height: number, width: number, channels: 1 | 3]
  readonly pixels: Uint8Array | Float32Array
}

interface Vectors {
  readonly kind: 'vector'
  readonly shape: readonly [count: number, length: number]
  readonly values: Float32Array
}

function missing(arrays: Arrays, array: string, file: string) {
  const found = Object.keys(arrays).join(', ')
  return labError('npz-missing-array', { file, array, found: shortened(found, maxShown) })
}

function floatsOf({ type, bytes }: NpyArray): Float32Array {
  const wide = type === '<f8'
  const values = new Float32Array(bytes.length / (wide ? 8 : 4))
  for (let i = 0; i < values.length; i++) {
    values[i] = wide ? bytes.readDoubleLE(8 * i) : bytes.readFloatLE(4 * i)
  }
  return values
}

const isWhole = ({ type }: NpyArray): boolean => /[iu]\d$/.test(type)

/**
 * The whole number at index `i`. A 64-bit number too large for a double is rounded, and is still large enough to be
 * refused as a label.
 */
function integerAt({ type, bytes }: NpyArray, i: number): number {
  const size = Number(type[2])
  const signed = type[1] === 'i'
  if (size < 8) return signed ? bytes.readIntLE(size * i, size) : bytes.readUIntLE(size * i, size)
  const high = signed ? bytes.readInt32LE(8 * i + 4) : bytes.readUInt32LE(8 * i + 4)
  return high * 2 ** 32 + bytes.readUInt32LE(8 * i)
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

function imagesOf(array: NpyArray, name: SamplesName, file: string): Images {
  const [count = 0, height = 0, width = 0, channels = 1] = array.shape
  const known = ['|u1', '<f4', '<f8'].includes(array.type) && [3, 4].includes(array.shape.length)
  if (!known || (channels !== 1 && channels !== 3) || name.endsWith('features')) {
    const expected = name.endsWith('features') ? `${array.type} [n, d]` : samplesExpected
    throw labError('npz-wrong-array', { file, array: name, found: describe(array), expected })
  }
  if (count * height * width === 0) throw labError('dataset-empty', { file })
  const shape = [count, height, width, channels] as const
  if (array.type === '|u1') return { kind: 'image', shape, pixels: array.bytes }
  const pixels = floatsOf(array)
  const [least, most] = rangeOf(pixels)
  if (!(least >= 0 && most <= 1)) {
    const found = `${describe(array)} ${least} … ${most}`
    throw labError('npz-wrong-array', { file, array: name, found, expected: `${array.type} 0 … 1` })
  }
  return { kind: 'image', shape, pixels }
}

/** Throws `vector-not-finite`, also for a double beyond the range of 32-bit floats. */
function vectorsOf(array: NpyArray, name: SamplesName, file: string): Vectors {
  const [count = 0, length = 0] = array.shape
  if (count * length === 0) throw labError('dataset-empty', { file })
  if (4 * count * length > maxBytes) throw tooLarge(file, 4 * count * length)
  const values = isWhole(array)
    ? Float32Array.from({ length: count * length }, (_, i) => integerAt(array, i))
    : floatsOf(array)
  const wrong = values.findIndex((value) => !Number.isFinite(value))
  if (wrong >= 0) {
    const [row, column] = [Math.floor(wrong / length), wrong % length]
    throw labError('vector-not-finite', { file, array: name, row, column, value: String(values[wrong]) })
  }
  return { kind: 'vector', shape: [count, length], values }
}

function samplesOf(arrays: Arrays, name: SamplesName, file: string): Images | Vectors {
  const bytes = arrays[name]
  if (bytes === undefined) throw missing(arrays, name, file)
  const array = decodeNpy(bytes, file, name)
  return array.shape.length === 2 ? vectorsOf(array, name, file) : imagesOf(array, name, file)
}

function labelsOf(array: NpyArray, name: LabelsName, count: number, file: string): Int32Array {
  const wrong = (found: string, expected: string) =>
    labError('npz-wrong-array', { file, array: name, found, expected })
  if (array.shape.length !== 1 || array.shape[0] !== count || !isWhole(array)) {
    throw wrong(describe(array), `|u1 | <i4 | <i8 [${count}]`)
  }
  const labels = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    const label = integerAt(array, i)
    if (label < unknownLabel || label >= maxClasses) {
      throw wrong(`${label} [${i}]`, `${unknownLabel} … ${maxClasses - 1}`)
    }
    labels[i] = label
  }
  return labels
}

/** Whether an array that is not read here may hold labels under another name. */
function looksLikeLabels(bytes: Buffer, count: number, file: string): boolean {
  try {
    const array = decodeNpy(bytes, file, '')
    return isWhole(array) && array.shape.length === 1 && array.shape[0] === count
  } catch {
    return false
  }
}

/**
 * The labels of `count` samples. Throws `npz-missing-array` if there are none, but an unknown array of as many whole
 * numbers.
 */
function readLabels(arrays: Arrays, name: LabelsName, count: number, file: string): Int32Array {
  const bytes = arrays[name]
  if (bytes !== undefined) return labelsOf(decodeNpy(bytes, file, name), name, count, file)
  const others = Object.entries(arrays).filter(([other]) => !names.some((known) => known === other))
  if (others.some(([, other]) => looksLikeLabels(other, count, file))) throw missing(arrays, name, file)
  return new Int32Array(count).fill(unknownLabel)
}

/** The first of two names that is present, or the first. */
const presentOf = (arrays: Arrays, [first, second]: readonly [SamplesName, SamplesName]): SamplesName =>
  first in arrays || !(second in arrays) ? first : second

const shapeInWords = (shape: readonly (number | string)[]): string => `[${shape.join(', ')}]`

/** `file` is the origin of the arrays, used in errors. */
export function decodeArrays(arrays: Arrays, file: string): SampleTable {
  const samples = samplesOf(arrays, presentOf(arrays, ['images', 'features']), file)
  const train = { samples, labels: readLabels(arrays, 'labels', samples.shape[0], file) }
  const testNames = ['test_images', 'test_features', 'test_labels']
  if (!testNames.some((name) => name in arrays)) return tableOf(train, null)
  const testName = presentOf(arrays, ['test_images', 'test_features'])
  const tests = samplesOf(arrays, testName, file)
  if (String(tests.shape.slice(1)) !== String(samples.shape.slice(1))) {
    throw labError('npz-wrong-array', {
      file,
      array: testName,
      found: shapeInWords(tests.shape),
      expected: shapeInWords(['n', ...samples.shape.slice(1)]),
    })
  }
  return tableOf(train, { samples: tests, labels: readLabels(arrays, 'test_labels', tests.shape[0], file) })
}

interface Part {
  readonly samples: Images | Vectors
  readonly labels: Int32Array
}

/** The table of two parts of one shape. */
function tableOf({ samples, labels }: Part, test: Part | null): SampleTable {
  if (samples.kind === 'vector') {
    const { shape, values } = samples
    const ofTest =
      test?.samples.kind === 'vector' ? { labels: test.labels, values: test.samples.values } : null
    return { kind: 'vector', length: shape[1], train: { labels, values }, test: ofTest }
  }
  const [, height, width, channels] = samples.shape
  const ofTest = test?.samples.kind === 'image' ? { labels: test.labels, pixels: test.samples.pixels } : null
  return equalImages({ width, height, channels, train: { pixels: samples.pixels, labels }, test: ofTest })
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint8Array | Float32Array | Int32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)

function pixelsAsNpy({ pixels, labels, sizes }: ImageSet, channels: number): Buffer {
  const { width, height } = sizeAt(sizes, 0)
  const shape = [labels.length, height, width, channels]
  return encodeNpy({ type: pixels instanceof Uint8Array ? '|u1' : '<f4', shape, bytes: bytesOf(pixels) })
}

function valuesAsNpy({ values, labels }: VectorSet, length: number): Buffer {
  return encodeNpy({ type: '<f4', shape: [labels.length, length], bytes: bytesOf(values) })
}

function labelsAsNpy({ labels }: { readonly labels: Int32Array }): Buffer {
  return encodeNpy({ type: '<i4', shape: [labels.length], bytes: bytesOf(labels) })
}

/** The arrays of a table, by name; images must have one size. */
function npyFilesOf(table: SampleTable): Record<string, Uint8Array> {
  if (table.kind === 'vector') {
    const { length, train, test } = table
    return {
      'features.npy': valuesAsNpy(train, length),
      'labels.npy': labelsAsNpy(train),
      ...(test && { 'test_features.npy': valuesAsNpy(test, length), 'test_labels.npy': labelsAsNpy(test) }),
    }
  }
  const { channels, train, test } = table
  return {
    'images.npy': pixelsAsNpy(train, channels),
    'labels.npy': labelsAsNpy(train),
    ...(test && { 'test_images.npy': pixelsAsNpy(test, channels), 'test_labels.npy': labelsAsNpy(test) }),
  }
}

/** The inverse of reading, for vectors and for images of one size: an .npz that numpy can open. */
export function encodeNpz(table: SampleTable): Uint8Array {
  return zipSync(npyFilesOf(table), { level: 1 })
}
