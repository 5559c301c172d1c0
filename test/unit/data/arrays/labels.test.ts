import { describe, expect, it } from 'vitest'
import type { Numbers } from '../../../../src/data/arrays/array-file'
import { sentence } from '../../../../src/language/sentence'
import { array, assembled, namesOf, floats, labels, refusal, texts } from './support'

const images = (count: number) => array([count, 5, 4])

async function labelled(given: ReturnType<typeof array>, count = 3) {
  const { samples, classNames, codes, said } = await assembled({ images: images(count), labels: given })
  return {
    labels: Array.from(samples.train.labels),
    classNames,
    codes,
    said,
    named: namesOf(samples, classNames),
  }
}

describe('labels', () => {
  it.each<[string, number[], Numbers]>([
    ['[n]', [3], Uint8Array.of(2, 0, 1)],
    ['[n, 1]', [3, 1], Int32Array.of(2, 0, 1)],
    ['[1, n]', [1, 3], Float64Array.of(2, 0, 1)],
    ['[n, 1, 1]', [3, 1, 1], Int8Array.of(2, 0, 1)],
    ['one-hot floats', [3, 3], Float32Array.of(0, 0, 1, 1, 0, 0, 0, 1, 0)],
    ['one-hot bytes', [3, 4], Uint8Array.of(0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0)],
  ])('of the shape %s are class numbers', async (_, shape, values) => {
    expect(await labelled(array(shape, values))).toMatchObject({ named: ['2', '0', '1'] })
  })

  it('that Unicode composes in two ways are one class', async () => {
    const { named, classNames } = await labelled(texts('cafe\u0301', 'caf\u00e9', 'tea'))
    expect(classNames).toEqual(['caf\u00e9', 'tea'])
    expect(named).toEqual(['caf\u00e9', 'caf\u00e9', 'tea'])
  })

  it.each([
    ['of one name', ['a', 'b', 'a'], 'class-names-equal'],
    ['of one name in two forms', ['e\u0301', 'b', '\u00e9'], 'class-names-equal'],
    ['without a name', ['a', '', 'b'], 'class-name-unusable'],
    ['of a long name', ['a', 'b', 'c'.repeat(256)], 'class-name-unusable'],
    ['that are too many', Array.from({ length: 1001 }, (_, i) => String(i)), 'too-many-texts'],
  ])('of classes %s are refused', async (_, names, code) => {
    const arrays = { images: images(3), labels: labels(0, 1, 2), class_names: texts(...names) }
    expect((await refusal(arrays)).code).toBe(code)
  })

  it('of a single sample are read in every shape', async () => {
    for (const given of [
      labels(4),
      array([1, 1], Int32Array.of(4)),
      array([1, 5], Uint8Array.of(0, 0, 0, 0, 1)),
    ]) {
      expect((await labelled(given, 1)).named).toEqual(['4'])
    }
  })

  it('-1 and NaN and an empty text are not known, and counted', async () => {
    const numbers = await labelled(floats([3], -1, NaN, 2))
    expect(numbers.named).toEqual([null, null, '2'])
    expect(numbers.said('labels-unknown')).toEqual({ count: 2, array: 'labels' })
    const words = await labelled(texts('b', '', 'a'))
    expect([words.labels, words.classNames]).toEqual([
      [1, -1, 0],
      ['a', 'b'],
    ])
    expect(words.said('labels-unknown')).toEqual({ count: 1, array: 'labels' })
  })

  it('that are texts are classes in the order of folders, together with those of the test', async () => {
    const { samples, classNames } = await assembled({
      images: images(3),
      labels: texts('10', '9', 'b'),
      test_images: images(2),
      test_labels: texts('a', '9'),
    })
    expect(classNames).toEqual(['9', '10', 'a', 'b'])
    expect([Array.from(samples.train.labels), Array.from(samples.test?.labels ?? [])]).toEqual([
      [1, 0, 3],
      [2, 0],
    ])
  })

  it('have the names that the file gives, as numbers and as texts', async () => {
    const class_names = texts('zebra', 'ant', 'bee')
    const numbers = await assembled({ images: images(2), labels: labels(2, 0), class_names })
    expect([numbers.classNames, Array.from(numbers.samples.train.labels)]).toEqual([
      ['zebra', 'ant', 'bee'],
      [2, 0],
    ])
    const words = await assembled({ images: images(2), labels: texts('bee', 'zebra'), class_names })
    expect([words.classNames, Array.from(words.samples.train.labels)]).toEqual([
      ['zebra', 'ant', 'bee'],
      [2, 0],
    ])
  })

  it.each([
    ['a number', labels(1, 2), '2'],
    ['a text', texts('ant', 'wasp'), 'wasp'],
  ])('outside the names of the file are refused by their value: %s', async (_, given, value) => {
    const error = await refusal({ images: images(2), labels: given, class_names: texts('ant', 'bee') })
    expect(error).toEqual({
      code: 'label-outside-names',
      params: { file: 'x.npz', array: 'labels', value, index: 1, names: 'class_names', count: 2 },
    })
    expect(sentence(error, 'en')).toContain(`the label ${value} at index 1`)
  })

  it.each<[string, ReturnType<typeof array>, number]>([
    ['fewer', labels(0, 1), 2],
    ['more', labels(0, 1, 2, 3, 4, 5), 6],
    ['rows of another number', array([2, 3], Uint8Array.of(1, 0, 0, 1, 0, 0)), 2],
    ['none', labels(), 0],
  ])('of another number than the samples are refused with both arrays: %s', async (_, given, count) => {
    const error = await refusal({ images: images(3), labels: given })
    expect(error).toEqual({
      code: 'lengths-differ',
      params: { file: 'x.npz', first: 'images', samples: 3, second: 'labels', labels: count },
    })
    expect(sentence(error, 'en')).toContain(`"images" holds 3 samples and the array "labels" ${count} labels`)
  })

  it.each([
    ['a fraction', floats([3], 0, 0.5, 1), '0.5', 1],
    ['below -1', labels(0, 1, -2), '-2', 2],
    ['beyond the classes', labels(1000, 1, 2), '1000', 0],
    ['beyond what a double holds', array([3], Float64Array.of(0, 2 ** 63, 1)), '9223372036854776000', 1],
    ['infinite', floats([3], 0, 0, Infinity), 'Infinity', 2],
  ])('that are no class numbers are refused by value and index: %s', async (_, given, value, index) => {
    expect(await refusal({ images: images(3), labels: given })).toEqual({
      code: 'label-unfit',
      params: { file: 'x.npz', array: 'labels', value, index, most: 999 },
    })
  })

  it.each([
    ['two ones', Uint8Array.of(1, 1, 0, 1, 1, 0)],
    ['no one', Uint8Array.of(0, 0, 0, 1, 1, 0)],
    ['shares', Float32Array.of(0.5, 0.5, 0, 1, 1, 0)],
  ])('in rows that are not one-hot are refused: %s', async (_, values) => {
    expect(await refusal({ images: images(3), labels: array([3, 2], values) })).toMatchObject({
      code: 'npz-wrong-array',
      params: { array: 'labels', expected: '[3] | [3, 1] | [3, k] 0 / 1' },
    })
  })

  it('that are texts in one set and numbers in the other are refused', async () => {
    const given = {
      images: images(2),
      labels: texts('a', 'b'),
      test_images: images(1),
      test_labels: labels(0),
    }
    expect(await refusal(given)).toMatchObject({ code: 'npz-wrong-array', params: { array: 'test_labels' } })
    const unknown = { ...given, test_labels: labels(-1) }
    expect((await assembled(unknown)).samples.test?.labels).toEqual(Int32Array.of(-1))
  })

  it('of more different texts than a dataset has classes are refused', async () => {
    const many = Array.from({ length: 1001 }, (_, i) => `name ${i}`)
    expect(await refusal({ images: images(1001), labels: texts(...many) })).toMatchObject({
      code: 'too-many-texts',
      params: { found: 1001, most: 1000 },
    })
  })
})

describe('the label 10', () => {
  const tens = [10, 1, 2, 3, 4, 5, 6, 7, 8, 9]
  const svhn = array([5, 4, 3, 10])
  const y = array([10, 1], Uint8Array.from(tens))
  const zeros = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

  it('is the digit 0 in a file like those of SVHN, which is said', async () => {
    const { samples, said } = await assembled({ X: svhn, y }, {}, 'train_32x32.mat')
    expect(Array.from(samples.train.labels)).toEqual(zeros)
    expect(said('label-ten-is-zero')).toEqual({ array: 'y' })
  })

  it.each([
    ['another format', { X: svhn, y }, 'train.npz', tens],
    ['another layout', { X: array([10, 5, 4, 3]), y }, 'x.mat', tens],
    [
      'labels that lack one',
      { X: svhn, y: labels(10, 1, 2, 3, 4, 5, 6, 7, 8, 8) },
      'x.mat',
      [10, 1, 2, 3, 4, 5, 6, 7, 8, 8],
    ],
    ['labels with a 0', { X: array([5, 4, 3, 11]), y: labels(...tens, 0) }, 'x.mat', [...tens, 0]],
  ])('stays 10 in %s', async (_, given, file, right) => {
    const { samples, classNames, codes } = await assembled(given, {}, file)
    expect(namesOf(samples, classNames)).toEqual(right.map(String))
    expect(codes).not.toContain('label-ten-is-zero')
  })
})
