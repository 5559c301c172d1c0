/** Makes samples with labels of the arrays that people bring. What was understood is said in notes. */
import { labError } from '../../contract/errors'
import { note, type Note } from '../../contract/note'
import type { Choices, Layout } from '../../contract/reading'
import { shortened } from '../../contract/shortened'
import { equalImages, maxBytes, type SampleTable, shareOfByte, unknownLabel } from '../dataset'
import { maxShown, tooLarge } from '../file'
import type { NamedSamples } from '../formats/format'
import type { ReadingOptions } from '../reading'
import { type ArrayEntry, type ArrayFile, isText, type NumberArray } from './array-file'
import { inOneArray } from './axes'
import {
  type ClassLabels,
  classLabels,
  countFromOneToTen,
  type GivenNames,
  namesOf,
  type RawLabels,
  rawLabels,
  withZeroForTen,
} from './labels'
import { imageRows, imageShape, imagesInOrder, isVectors, layoutOf, shapeText } from './layouts'
import { onWhite, scaledPixels, type PixelSource, type Scale, scaleOf } from './ranges'
import { labelCount, type Part, type Roles, rolesOf } from './roles'

interface Context {
  readonly arrays: ArrayFile
  readonly choices: Choices
  readonly notes: Note[]
}

async function numbersOf({ arrays }: Context, entry: ArrayEntry): Promise<NumberArray> {
  const array = await arrays.read(entry.name)
  if (!isText(array)) return array
  const found = `${array.type} ${shapeText(array.shape)}`
  const facts = { file: arrays.file, array: shortened(entry.name, maxShown), found }
  throw labError('npz-wrong-array', { ...facts, expected: 'uint8 | float32 [n, h, w]' })
}

function areBytes({ values, type }: NumberArray): boolean {
  if (type === 'uint8') return true
  let most = 0
  for (const value of values) {
    if (!Number.isInteger(value) || value < 0 || value > 255) return false
    if (value > most) most = value
  }
  return most > 1
}

interface Set {
  readonly array: NumberArray
  readonly part: Part
}

interface Sets {
  readonly train: Set
  /** Joins the training samples, in the same layout and scale. */
  readonly joined: Set | null
  readonly test: Set | null
}

/** Null also for labels that cannot be read. */
const labelsIn = ({ labels }: Part): number | null =>
  labels === null || labels.type === '' ? null : labelCount(labels)

function layoutFor({ arrays, choices, notes }: Context, { train, test }: Sets): Layout {
  const { name, shape } = train.array
  const array = shortened(name, maxShown)
  const layout = layoutOf(
    {
      file: arrays.file,
      array,
      shape,
      labels: labelsIn(train.part),
      isMatlab: arrays.isMatlab === true,
      rows: { word: train.part.word, areBytes: shape.length === 2 && areBytes(train.array) },
      test: test && { shape: test.array.shape, labels: labelsIn(test.part) },
    },
    choices.layout,
  )
  const isUsual =
    layout === 'nhw' || layout === 'nhwc' || (layout === 'vectors' && train.part.word === 'vectors')
  if (!isUsual) notes.push(note('layout-taken', { array, shape: shapeText(shape), layout }))
  const images = imageRows(shape[1] ?? 0)
  if (choices.layout === null && layout === 'vectors' && !isUsual && images.length > 0) {
    notes.push(note('rows-may-be-images', { array, options: ['vectors', ...images] }))
  }
  return layout
}

interface Samples {
  /** Of the arrays that are joined, one after another. */
  readonly counts: { readonly train: number; readonly joined: number; readonly test: number }
  readonly table: (labels: { train: Int32Array; test: Int32Array | null }) => SampleTable
}

/** The error for samples of another size than the training samples. */
function unlike({ arrays }: Context, { array }: Set, expected: readonly (number | string)[]) {
  const facts = { file: arrays.file, array: shortened(array.name, maxShown), found: shapeText(array.shape) }
  return labError('npz-wrong-array', { ...facts, expected: `[${expected.join(', ')}]` })
}

/** Throws `vector-not-finite`, also for a double beyond the range of 32-bit floats. */
function vectorsIn(file: string, { name, values, shape }: NumberArray, byColumn: boolean): Float32Array {
  const [rows = 0, columns = 0] = shape
  if (4 * values.length > maxBytes) throw tooLarge(file, 4 * values.length)
  const length = byColumn ? rows : columns
  const vectors = new Float32Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const [row, column] = [Math.floor(i / length), i % length]
    const value = Math.fround(values[byColumn ? column * columns + row : i] ?? 0)
    if (!Number.isFinite(value)) {
      const facts = { file, array: shortened(name, maxShown), row, column, value: String(value) }
      throw labError('vector-not-finite', facts)
    }
    vectors[i] = value
  }
  return vectors
}

function vectorSamples(context: Context, { train, joined, test }: Sets, layout: Layout): Samples {
  const byColumn = layout === 'vectors-by-column'
  const [countAxis, lengthAxis] = byColumn ? [1, 0] : [0, 1]
  const length = train.array.shape[lengthAxis] ?? 0
  for (const set of [joined, test]) {
    if (set !== null && (set.array.shape.length !== 2 || set.array.shape[lengthAxis] !== length)) {
      throw unlike(context, set, byColumn ? [length, 'n'] : ['n', length])
    }
  }
  const valuesOf = ({ array }: Set) => vectorsIn(context.arrays.file, array, byColumn)
  const countOf = (set: Set | null) => set?.array.shape[countAxis] ?? 0
  const values = inOneArray(valuesOf(train), joined && valuesOf(joined))
  const ofTest = test && valuesOf(test)
  return {
    counts: { train: countOf(train), joined: countOf(joined), test: countOf(test) },
    table: (labels) => ({
      kind: 'vector',
      length,
      train: { values, labels: labels.train },
      test: ofTest && labels.test && { values: ofTest, labels: labels.test },
    }),
  }
}

/** Pixels as `[n, h, w, 1 or 3]`. */
function drawn({ notes }: Context, source: PixelSource, scale: Scale): Uint8Array | Float32Array {
  const { pixels, notes: said } = scaledPixels(source, scale)
  notes.push(...said)
  if (source.channels !== 4) return pixels
  notes.push(note('alpha-on-white', { array: source.array.name }))
  return onWhite(pixels)
}

type Pixels = Uint8Array | Float32Array

const asFloats = (pixels: Pixels): Float32Array =>
  pixels instanceof Float32Array ? pixels : Float32Array.from(pixels, (byte) => shareOfByte[byte] ?? 0)

/** Bytes if both are bytes. */
function joinedPixels(first: Pixels, second: Pixels | null): Pixels {
  if (second === null) return first
  if (first instanceof Float32Array || second instanceof Float32Array) {
    return inOneArray(asFloats(first), asFloats(second))
  }
  return inOneArray(first, second)
}

function imageSamples(context: Context, { train, joined, test }: Sets, layout: Layout): Samples {
  const { file } = context.arrays
  const shapeOf = ({ array }: Set) => imageShape(layout, array.shape)
  const shape = shapeOf(train)
  if (shape === null) throw new Error(`${layout} without images`)
  const { height, width, channels } = shape
  const countOf = (set: Set | null): number => {
    const own = set && shapeOf(set)
    if (set === null) return 0
    const isLike = own?.height === height && own.width === width && own.channels === channels
    if (!isLike) throw unlike(context, set, ['n', height, width, channels])
    return own.count
  }
  const counts = { train: countOf(train), joined: countOf(joined), test: countOf(test) }
  const sourceOf = ({ array }: Set, count: number): PixelSource => ({
    file,
    channels,
    count,
    array: { ...array, values: imagesInOrder(array.values, layout, array.shape) },
  })
  const source = sourceOf(train, counts.train)
  const { scale, notes } = scaleOf(source, context.choices.stretch)
  context.notes.push(...notes)
  const drawnOn = (set: Set | null, count: number) => set && drawn(context, sourceOf(set, count), scale)
  const pixels = joinedPixels(drawn(context, source, scale), drawnOn(joined, counts.joined))
  const ofTest = drawnOn(test, counts.test)
  return {
    counts,
    table: (labels) =>
      equalImages({
        width,
        height,
        channels: channels === 1 ? 1 : 3,
        train: { pixels, labels: labels.train },
        test: ofTest && labels.test && { pixels: ofTest, labels: labels.test },
      }),
  }
}

async function rawLabelsOf(context: Context, { part }: Set, count: number): Promise<RawLabels> {
  const { arrays, notes } = context
  if (part.labels === null) {
    notes.push(note('labels-missing', { array: part.samples.name }))
    return { name: '', values: new Int32Array(count).fill(unknownLabel) }
  }
  const array = await arrays.read(part.labels.name)
  const { labels, notes: said } = rawLabels(array, { file: arrays.file, samples: part.samples, count })
  notes.push(...said)
  return labels
}

/** SVHN's files are MATLAB's, hold colour images one behind another, and give the digit 0 the label 10. */
function countsAsSvhn(context: Context, layout: Layout, train: Set, labels: RawLabels): boolean {
  const isMatlab = context.arrays.isMatlab === true
  return isMatlab && layout === 'hwcn' && train.array.shape[2] === 3 && countFromOneToTen(labels)
}

async function givenNames({ arrays }: Context, { classNames }: Roles): Promise<GivenNames | null> {
  if (classNames === null) return null
  const array = await arrays.read(classNames.name)
  return isText(array) ? namesOf(array) : null
}

async function labelsOf(
  context: Context,
  { sets, samples, roles, layout }: { sets: Sets; samples: Samples; roles: Roles; layout: Layout },
): Promise<ClassLabels> {
  const { file } = context.arrays
  const { counts } = samples
  const { joined, test } = sets
  const first = await rawLabelsOf(context, sets.train, counts.train)
  const ofSets = {
    train: first,
    joined: joined && (await rawLabelsOf(context, joined, counts.joined)),
    test: test && (await rawLabelsOf(context, test, counts.test)),
  }
  if (!countsAsSvhn(context, layout, sets.train, first)) {
    return classLabels(ofSets, await givenNames(context, roles), file)
  }
  context.notes.push(note('label-ten-is-zero', { array: first.name }))
  const { train: tens, test: tensOfTest } = ofSets
  const zeros = { train: withZeroForTen(tens), joined: null, test: tensOfTest && withZeroForTen(tensOfTest) }
  return classLabels(zeros, await givenNames(context, roles), file)
}

/**
 * @throws `arrays-unnamed`, `layout-unclear`, and an error for arrays that do not fit each other or hold other content;
 * also what reading an array throws
 */
export async function assemble(
  arrays: ArrayFile,
  { choices, reading }: ReadingOptions,
): Promise<NamedSamples> {
  const roles = rolesOf(arrays, choices)
  const context: Context = { arrays, choices, notes: [...(arrays.notes ?? []), ...roles.notes] }
  const setOf = async (part: Part): Promise<Set> => {
    reading?.(arrays.file)
    return { part, array: await numbersOf(context, part.samples) }
  }
  for (const part of [roles.train, roles.joined, roles.test]) {
    if (part !== null && part.samples.shape.includes(0))
      throw labError('dataset-empty', { file: arrays.file })
  }
  const { train, joined, test } = roles
  const sets: Sets = {
    train: await setOf(train),
    joined: joined && (await setOf(joined)),
    test: test && (await setOf(test)),
  }
  const layout = layoutFor(context, sets)
  const samples = isVectors(layout)
    ? vectorSamples(context, sets, layout)
    : imageSamples(context, sets, layout)
  const { classNames, ...labels } = await labelsOf(context, { sets, samples, roles, layout })
  return { samples: samples.table(labels), classNames, notes: context.notes }
}
