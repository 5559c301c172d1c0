import { describe, expect, it } from 'vitest'
import { arrayOption, noChoices, questions } from '../../../../src/contract/reading'
import { assemble } from '../../../../src/data/arrays/assemble'
import { meaningOf } from '../../../../src/data/arrays/names'
import { imagesOf } from '../../../../src/data/dataset'
import { sentence } from '../../../../src/language/sentence'
import { array, arrayFile, assembled, floats, labels, refusal, texts } from './support'

const images = (count: number) => array([count, 4, 2])
const arrays = (chosen: Partial<typeof noChoices.arrays>) => ({ arrays: { ...noChoices.arrays, ...chosen } })

describe('names of arrays', () => {
  it.each([
    ['images', 'samples train images'],
    ['Images', 'samples train images'],
    ['features', 'samples train vectors'],
    ['fts', 'samples train vectors'],
    ['X', 'samples train any'],
    ['data', 'samples train any'],
    ['x_train', 'samples train any'],
    ['xTrain', 'samples train any'],
    ['X_TRAIN', 'samples train any'],
    ['Xtr', 'samples train any'],
    ['train/data', 'samples train any'],
    ['train_set_x', 'samples train any'],
    ['train-images', 'samples train images'],
    ['images_train', 'samples train images'],
    ['x_test', 'samples test any'],
    ['test_images', 'samples test images'],
    ['teX', 'samples test any'],
    ['val_images', 'samples validation images'],
    ['X_valid', 'samples validation any'],
    ['arr_0', 'samples train any'],
    ['y', 'labels train'],
    ['Labels', 'labels train'],
    ['target', 'labels train'],
    ['ytest', 'labels test'],
    ['test_labels', 'labels test'],
    ['y_val', 'labels validation'],
    ['arr_1', 'labels train'],
    ['class_names', 'class-names'],
    ['target_names', 'class-names'],
  ])('%s means: %s', (name, meaning) => {
    expect(Object.values(meaningOf(name) ?? {}).join(' ')).toBe(meaning)
  })

  it.each(['', 'imagesque', 'my_x', 'train', 'test', 'arr_2', 'coarse_labels', 'x'.repeat(5000)])(
    '"%s" means nothing',
    (name) => expect(meaningOf(name)).toBeNull(),
  )
})

describe('the arrays of a file', () => {
  it('are asked for where names leave them open, by name, type and shape', async () => {
    const error = await refusal({ photos: images(3), digits: labels(0, 1, 2) })
    expect(error).toEqual({
      code: 'arrays-unnamed',
      params: { file: 'x.npz', options: ['photos: uint8 [3, 4, 2]', 'digits: int32 [3]'] },
    })
    expect(sentence(error, 'en')).toContain('photos: uint8 [3, 4, 2], digits: int32 [3]')
    expect(questions[error.code as 'arrays-unnamed']).toBe('arrays')
  })

  it.each([
    ['two arrays of samples', { images: images(2), data: images(2), y: labels(0, 1) }],
    ['two arrays of labels', { x: images(2), y: labels(0, 1), labels: labels(1, 0) }],
    ['a set with and one without its split', { x: images(2), x_train: images(2) }],
    ['test labels without test samples', { images: images(2), test_labels: labels(0, 1) }],
    ['labels alone', { labels: labels(0, 1) }],
    ['samples of the test alone', { x_test: images(2), y_test: labels(0, 1) }],
    ['an array that may be the labels', { images: images(2), digits: labels(0, 1) }],
    ['one of texts that may be', { images: images(2), species: texts('a', 'b') }],
    [
      'four arrays without names',
      { arr_0: images(2), arr_1: labels(0, 1), arr_2: images(2), arr_3: labels(0, 1) },
    ],
  ] as const)('are asked for with %s', async (_, given) => {
    expect((await refusal(given)).code).toBe('arrays-unnamed')
  })

  it('are those that the user names, as in the question or by name alone', async () => {
    const given = { a: images(3), b: labels(0, 1, 2), c: images(2), d: labels(1, 1), e: labels(5, 5, 5) }
    const chosen = {
      images: arrayOption('a', 'uint8', [3, 4, 2]),
      labels: 'b',
      testImages: 'c',
      testLabels: arrayOption('d', 'int32', [2]),
    }
    const { samples } = await assembled(given, arrays(chosen))
    expect(Array.from(samples.train.labels)).toEqual([0, 1, 2])
    expect(samples.test && Array.from(samples.test.labels)).toEqual([1, 1])
    const without = await assembled(given, arrays({ images: 'a' }))
    expect(Array.from(without.samples.train.labels)).toEqual([-1, -1, -1])
  })

  it('are refused by a name that no array has, with the nearest', async () => {
    expect(await refusal({ photos: images(2) }, arrays({ images: 'photo' }))).toEqual({
      code: 'unknown-array',
      params: { file: 'x.npz', name: 'photo', nearest: 'photos' },
    })
  })

  it('are those that the format names', async () => {
    const file = arrayFile({ a: images(2), b: labels(1, 0) }, 'x.mat', { samples: 'a', labels: 'b' })
    const { samples } = await assemble(file, { choices: noChoices })
    expect(Array.from(samples.train.labels)).toEqual([1, 0])
  })

  it('that are not needed are passed over, counted and named', async () => {
    const given = {
      images: images(3),
      labels: labels(0, 1, 1),
      ids: labels(7, 8, 9),
      mean: images(1),
      a: images(1),
    }
    const { codes, said } = await assembled({ ...given, b: images(1) })
    expect(codes).toEqual(['arrays-passed-over'])
    expect(said('arrays-passed-over')).toEqual({ count: 4, names: ['ids', 'mean', 'a'] })
  })

  it('have validation samples trained on beside test samples, and held out as test samples otherwise', async () => {
    const given = {
      train_images: images(3),
      train_labels: labels(0, 1, 2),
      val_images: images(2),
      val_labels: labels(1, 2),
    }
    const alone = await assembled(given)
    expect(imagesOf({ samples: alone.samples }).test?.labels).toEqual(Int32Array.of(1, 2))
    expect(alone.said('validation-as-test')).toEqual({ count: 2, array: 'val_images' })
    const beside = await assembled({ ...given, test_images: images(1), test_labels: labels(0) })
    expect(imagesOf({ samples: beside.samples }).test?.labels).toEqual(Int32Array.of(0))
    expect(Array.from(beside.samples.train.labels)).toEqual([0, 1, 2, 1, 2])
    const pixels = [given.train_images, given.val_images].flatMap(({ values }) =>
      Array.from(values as Uint8Array),
    )
    expect(Array.from(imagesOf({ samples: beside.samples }).train.pixels)).toEqual(pixels)
    expect(beside.said('validation-joined')).toEqual({ count: 2, array: 'val_images' })
    const vectors = { train_x: floats([2, 1], 1, 2), val_x: floats([1, 1], 3), test_x: floats([1, 1], 4) }
    const { samples } = await assembled(vectors)
    expect(samples.kind === 'vector' && samples.train.values).toEqual(Float32Array.of(1, 2, 3))
  })

  it('show no more of their names than a message holds', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`${'n'.repeat(200)}${i}`, images(1)]),
    )
    const { params } = await refusal(many)
    expect(JSON.stringify(params).length).toBeLessThan(2000)
  })
})
