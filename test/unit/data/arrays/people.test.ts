/** Arrays as people save them, against what NumPy holds them to mean (test/fixtures/make_arrays.py). */
import { createHash } from 'crypto'
import { readFileSync } from 'fs'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { noChoices, type Choices } from '../../../../src/contract/reading'
import { imagesOf, pictureAt, type ImageSet, type ImageTable } from '../../../../src/data/dataset'
import { readPath } from '../../../../src/data/formats/read'
import { sizeAt } from '../../../../src/data/sizes'
import { sentence } from '../../../../src/language/sentence'
import { refusalOf } from '../support'

const folder = join('test', 'fixtures', 'arrays')

interface Meaning {
  readonly shape: number[]
  readonly sha256: string
  readonly sum: number
}

interface Expected {
  readonly train: Meaning
  readonly labels: number[]
  readonly test?: Meaning
  readonly testLabels?: number[]
}

const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, Expected>

function meaningOf(set: ImageSet, channels: 1 | 3): Meaning {
  const digest = createHash('sha256')
  let sum = 0
  for (let row = 0; row < set.labels.length; row++) {
    const { values } = pictureAt(set, channels, row)
    digest.update(Buffer.from(values.buffer, values.byteOffset, values.byteLength))
    sum = values.reduce((total, value) => total + value, sum)
  }
  const { width, height } = sizeAt(set.sizes, 0)
  return { shape: [set.labels.length, height, width, channels], sha256: digest.digest('hex'), sum }
}

async function read(name: string, choices: Partial<Choices> = {}) {
  const { summary, samples } = await readPath(join(folder, name), { choices: { ...noChoices, ...choices } })
  const table: ImageTable = imagesOf({ samples })
  return { summary, table, codes: summary.notes.map(({ code }) => code) }
}

/** The notes of each; the others are read without a word. */
const said: Readonly<Record<string, readonly string[]>> = {
  'f64_0_255.npz': ['range-taken'],
  'f32_0_1.npz': ['range-taken'],
  'f32_minus1_1.npz': ['range-taken'],
  'f32_just_over_1.npz': ['range-taken', 'range-clipped'],
  'f16.npz': ['range-taken'],
  'u16_images.npz': ['range-taken'],
  'i64_images.npz': ['range-taken'],
  'u32_big_images.npz': ['range-taken'],
  'chw1.npz': ['layout-taken'],
  'chw3.npz': ['layout-taken'],
  'hwcn.npz': ['layout-taken'],
  'hwn.npz': ['layout-taken'],
  'flat64.npz': ['layout-taken'],
  'rgba.npz': ['alpha-on-white'],
  'fortran_colour.npz': ['range-taken'],
  'big_endian.npz': ['range-taken'],
  'bool.npz': ['range-taken'],
  'binary_0_1_u8.npz': ['range-unused'],
  'onehot.npz': ['labels-one-hot'],
  'onehot_u8.npz': ['labels-one-hot'],
  'labels_minus1.npz': ['labels-unknown'],
  'labels_nan.npz': ['labels-unknown'],
  'nolabels.npz': ['labels-missing'],
  'keras.npz': ['arrays-taken'],
  'upper_split.npz': ['arrays-taken'],
  'medmnist.npz': ['arrays-taken', 'validation-joined'],
  'medmnist_without_test.npz': ['arrays-taken', 'validation-as-test'],
  'medmnist_renamed.npz': ['labels-missing'],
  'X_y.npz': ['arrays-taken'],
  'data_target.npz': ['arrays-taken'],
  'uppercase.npz': ['arrays-taken'],
  'unnamed_pair.npz': ['arrays-taken'],
  'kmnist-train-imgs.npz': ['files-joined'],
  'kmnist-train-labels.npz': ['files-joined'],
  'photos.npy': ['arrays-taken', 'labels-missing'],
  npy_keras_names: ['arrays-taken'],
}

/** Those of labels that are not numbers; otherwise the numbers are the names. */
const named: Readonly<Record<string, readonly string[]>> = {
  'labels_string.npz': ['ant', 'bee', 'cow', 'dog', 'eel'],
  'labels_bytes.npz': ['ant', 'bee', 'cow', 'dog', 'eel'],
  'labels_numbers_as_text.npz': ['9', '10'],
  'class_names.npz': ['zebra', 'yak', 'wolf', 'vole', 'urial'],
}

/** The different class numbers, in order. */
const numbersIn = (labels: readonly number[]) =>
  [...new Set(labels)].filter((label) => label >= 0).sort((a, b) => a - b)

describe('arrays as people save them', () => {
  const rest = Object.entries(expected).filter(([name]) => name !== 'labels_wide_big.npz')
  it.each(rest)('%s has the pixels, the labels and the names that NumPy gives it', async (name, right) => {
    const { summary, table, codes } = await read(name)
    const { sum, ...exact } = meaningOf(table.train, table.channels)
    const { sum: rightSum, ...rightExact } = right.train
    expect(exact).toEqual(rightExact)
    expect(sum).toBeCloseTo(rightSum, 3)
    const numbers = numbersIn([...right.labels, ...(right.testLabels ?? [])])
    const indexed = (labels: number[]) =>
      named[name] ? labels : labels.map((label) => numbers.indexOf(label))
    expect(Array.from(table.train.labels)).toEqual(indexed(right.labels))
    expect(table.test && meaningOf(table.test, table.channels).sha256).toBe(right.test?.sha256 ?? null)
    expect(table.test && Array.from(table.test.labels)).toEqual(
      right.testLabels ? indexed(right.testLabels) : null,
    )
    expect(summary.classNames).toEqual(named[name] ?? numbers.map(String))
    expect(codes).toEqual(said[name] ?? [])
  })

  it('have texts of any script as labels, whose classes are sorted as folders are', async () => {
    const { summary, table } = await read('labels_wide_big.npz')
    expect([...summary.classNames].sort()).toEqual(['dog', 'eel', 'é', '蚁', '蜂'].sort())
    const texts = ['蚁', '蜂', 'é', 'dog', 'eel']
    expect(Array.from(table.train.labels, (label) => summary.classNames[label])).toEqual(
      (expected['plain.npz']?.labels ?? []).map((label) => texts[label]),
    )
  })

  it('keep pixels as bytes where they are whole bytes, and only there', async () => {
    for (const name of [
      'f64_0_255',
      'f32_0_1',
      'u16_images',
      'i64_images',
      'bool',
      'fortran_colour',
      'big_endian',
    ]) {
      expect((await read(`${name}.npz`)).table.train.pixels).toBeInstanceOf(Uint8Array)
    }
    for (const name of ['f16', 'f32_minus1_1', 'f32_just_over_1']) {
      expect((await read(`${name}.npz`)).table.train.pixels).toBeInstanceOf(Float32Array)
    }
  })

  it('are stretched to the whole range on a choice', async () => {
    const { table, codes } = await read('binary_0_1_u8.npz', { stretch: true })
    const plain = await read('binary_0_1_u8.npz')
    expect(Array.from(table.train.pixels)).toEqual(
      Array.from(plain.table.train.pixels, (value) => 255 * value),
    )
    expect(codes).toEqual(['range-stretched'])
  })

  it.each([
    ['object_images.npz', 'is a pickled Python object'],
    ['dict.npy', 'is a pickled Python object'],
    ['complex.npz', 'has the type complex64'],
    ['structured.npz', 'has the type structured'],
    ['dates.npz', 'has the type datetime64[D]'],
    ['long_double.npz', 'has the type float128'],
  ])('%s is refused by the name of its type', async (name, words) => {
    const text = sentence(await refusalOf(() => read(name)), 'en')
    expect(text).toContain(words)
    expect(text).toContain(name)
    expect(text).toMatch(/save (it as|plain)/)
  })
})
