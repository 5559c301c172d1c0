import { describe, expect, it } from 'vitest'
import type { Layout } from '../../../../src/contract/reading'
import { sizeAt } from '../../../../src/data/sizes'
import { sentence } from '../../../../src/language/sentence'
import { array, assembled, floats, labels, refusal } from './support'

const shapeOf = async (
  shape: readonly number[],
  count: number | null,
  layout: Layout | null = null,
  name = 'images',
) => {
  const given = {
    [name]: array(shape),
    ...(count !== null && { labels: labels(...new Array<number>(count).fill(0)) }),
  }
  const { samples, said } = await assembled(given, { layout })
  const taken = said('layout-taken')?.layout
  if (samples.kind === 'vector') return { shape: [samples.train.labels.length, samples.length], taken }
  const { width, height } = sizeAt(samples.train.sizes, 0)
  return { shape: [samples.train.labels.length, height, width, samples.channels], taken }
}

describe('the axes of an array of images', () => {
  it.each<[number[], number | null, number[], Layout | undefined]>([
    [[5, 6, 7], 5, [5, 6, 7, 1], undefined],
    [[5, 6, 7], null, [5, 6, 7, 1], undefined],
    [[6, 7, 5], 5, [5, 6, 7, 1], 'hwn'],
    [[5, 6, 7, 1], null, [5, 6, 7, 1], undefined],
    [[5, 6, 7, 3], null, [5, 6, 7, 3], undefined],
    [[5, 6, 7, 4], null, [5, 6, 7, 3], undefined],
    [[5, 3, 6, 7], null, [5, 6, 7, 3], 'nchw'],
    [[5, 1, 6, 7], null, [5, 6, 7, 1], 'nchw'],
    [[5, 4, 6, 7], null, [5, 6, 7, 3], 'nchw'],
    [[6, 7, 3, 5], null, [5, 6, 7, 3], 'hwcn'],
    [[6, 7, 3, 3], 3, [3, 6, 7, 3], 'hwcn'],
    [[6, 7, 3, 3], 6, [6, 7, 3, 3], undefined],
    [[3, 6, 7, 5], 5, [5, 6, 7, 3], 'chwn'],
    [[5, 6, 3], 5, [5, 6, 3, 1], undefined],
    [[4, 64], 4, [4, 8, 8, 1], 'n-hw'],
    [[4, 65], 4, [4, 65], 'vectors'],
  ])('%j with %j labels are %j', async (shape, count, right, taken) => {
    expect(await shapeOf(shape, count)).toEqual({ shape: right, taken })
  })

  it.each<[string, number[], number | null, Layout[]]>([
    ['images', [6, 3, 32, 3], null, ['nhwc', 'nchw']],
    ['images', [6, 3, 32, 3], 6, ['nhwc', 'nchw']],
    ['images', [3, 6, 7, 3], null, ['nhwc', 'chwn']],
    ['images', [3, 6, 7, 3], 3, ['nhwc', 'chwn']],
    ['images', [6, 6, 9], null, ['nhw', 'hwn']],
    ['images', [20, 30, 3], null, ['nhw', 'hwc']],
    ['images', [4, 192], null, ['n-chw', 'n-hwc']],
    ['x', [4, 64], null, ['vectors', 'n-hw']],
    ['x', [4, 192], 4, ['vectors', 'n-chw', 'n-hwc']],
  ])('of %s %j with %j labels are asked for', async (name, shape, count, options) => {
    const given = {
      [name]: array(shape),
      ...(count !== null && { labels: labels(...new Array<number>(count).fill(0)) }),
    }
    const error = await refusal(given)
    expect(error).toEqual({
      code: 'layout-unclear',
      params: { file: 'x.npz', array: name, shape: `[${shape.join(', ')}]`, options },
    })
    expect(sentence(error, 'en')).toContain(`choose one of: ${options.join(', ')}`)
    for (const layout of options)
      expect((await shapeOf(shape, null, layout, name)).shape[0]).toBeGreaterThan(0)
  })

  it('are told by the test images where those leave no doubt', async () => {
    const given = { x_train: array([6, 3, 32, 3]), x_test: array([4, 3, 32, 3]) }
    expect((await refusal(given)).code).toBe('layout-unclear')
    const { samples, said } = await assembled({
      x_train: array([32, 32, 3, 3]),
      x_test: array([32, 32, 3, 5]),
    })
    expect([samples.train.labels.length, samples.test?.labels.length]).toEqual([3, 5])
    expect(said('layout-taken')).toMatchObject({ layout: 'hwcn', shape: '[32, 32, 3, 3]' })
  })

  it('may be said, and put every value in its place', async () => {
    // The value is 100 n + 10 h + w + 3 c.
    const [n, h, w, c] = [2, 3, 4, 3]
    const valueAt = (at: Record<string, number>) =>
      100 * (at.n ?? 0) + 10 * (at.h ?? 0) + (at.w ?? 0) + 3 * (at.c ?? 0)
    const lengths: Record<string, number> = { n, h, w, c }
    const laidOut = (letters: string) => {
      const values: number[] = []
      const fill = (index: number, at: Record<string, number>): void => {
        const letter = letters[index]
        if (letter === undefined) return void values.push(valueAt(at))
        for (let i = 0; i < (lengths[letter] ?? 0); i++) fill(index + 1, { ...at, [letter]: i })
      }
      fill(0, {})
      return Uint8Array.from(values)
    }
    for (const layout of ['nhwc', 'nchw', 'hwcn', 'chwn'] as const) {
      const shape = layout.split('').map((letter) => lengths[letter] ?? 0)
      const { samples } = await assembled({ images: array(shape, laidOut(layout)) }, { layout })
      expect(samples.kind === 'image' && samples.train.pixels).toEqual(laidOut('nhwc'))
    }
  })

  it('of flattened colour images are what the user says: colours side by side, or one after another', async () => {
    const pixels = Uint8Array.from({ length: 192 }, (_, i) => i)
    const { samples: packed } = await assembled({ images: array([1, 192], pixels) }, { layout: 'n-hwc' })
    expect(packed.kind === 'image' && packed.train.pixels).toEqual(pixels)
    const { samples: planes } = await assembled({ images: array([1, 192], pixels) }, { layout: 'n-chw' })
    const right = Uint8Array.from({ length: 192 }, (_, i) => 64 * (i % 3) + Math.floor(i / 3))
    expect(planes.kind === 'image' && planes.train.pixels).toEqual(right)
  })

  it.each<[number[], Layout | null]>([
    [[6], null],
    [[5, 6, 7, 2], null],
    [[5, 6, 7, 3, 1], null],
    [[5, 6, 7], 'nhwc'],
    [[5, 6, 7, 9], 'nhwc'],
    [[5, 6, 7], 'vectors'],
    [[5, 7], 'n-hw'],
    [[5, 6, 7], 'n-hw'],
  ])('%j are refused as %s, by their shape', async (shape, layout) => {
    expect(await refusal({ images: array(shape) }, { layout })).toMatchObject({
      code: 'layout-misfit',
      params: { array: 'images', shape: `[${shape.join(', ')}]` },
    })
  })

  it('must be the same for test images, and their size', async () => {
    const train = { images: array([5, 6, 7]), labels: labels(0, 0, 0, 0, 0) }
    for (const shape of [
      [2, 6, 8],
      [2, 6, 7, 3],
      [2, 42],
    ]) {
      expect(await refusal({ ...train, test_images: array(shape) })).toEqual({
        code: 'npz-wrong-array',
        params: {
          file: 'x.npz',
          array: 'test_images',
          found: `[${shape.join(', ')}]`,
          expected: '[n, 6, 7, 1]',
        },
      })
    }
  })
})

describe('vectors', () => {
  it('are what is called features, whatever their values and lengths', async () => {
    expect(await shapeOf([4, 64], 4, null, 'features')).toEqual({ shape: [4, 64], taken: undefined })
    expect(await shapeOf([4, 192], null, null, 'fts')).toEqual({ shape: [4, 192], taken: undefined })
    expect((await refusal({ features: array([4, 8, 8]) })).code).toBe('layout-misfit')
  })

  it('are what is called x and is no bytes, which is said', async () => {
    const values = Array.from({ length: 128 }, (_, i) => i / 128)
    const { samples, said } = await assembled({ X: floats([2, 64], ...values), y: labels(0, 1) })
    expect(samples).toMatchObject({ kind: 'vector', length: 64 })
    expect(said('layout-taken')).toMatchObject({ layout: 'vectors' })
    expect(said('rows-may-be-images')).toEqual({ array: 'X', options: ['vectors', 'n-hw'] })
    const other = await assembled({ X: floats([2, 65], ...values, 1, 1), y: labels(0, 1) })
    expect(other.said('rows-may-be-images')).toBeUndefined()
  })

  it('stand in columns where there is a label for each column', async () => {
    const { samples, said } = await assembled({
      fts: floats([2, 3], 1, 2, 3, 4, 5, 6),
      labels: labels(0, 1, 2),
    })
    expect(samples.kind === 'vector' && samples.train.values).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6))
    expect(said('layout-taken')).toMatchObject({ layout: 'vectors-by-column' })
  })

  it('are refused with a value that is not finite, by row and column', async () => {
    const given = { features: floats([2, 3], 0, 0, 0, 0, NaN, 0) }
    expect(await refusal(given)).toEqual({
      code: 'vector-not-finite',
      params: { file: 'x.npz', array: 'features', row: 1, column: 1, value: 'NaN' },
    })
    const byColumn = { features: floats([2, 3], 0, 0, 0, 0, 0, -Infinity), labels: labels(0, 0, 0) }
    expect(await refusal(byColumn)).toMatchObject({ params: { row: 2, column: 1, value: '-Infinity' } })
  })

  it('are refused where those of the test have another length', async () => {
    const error = await refusal({ features: floats([1, 2], 0, 1), test_features: floats([1, 3], 0, 1, 2) })
    expect(error).toMatchObject({
      code: 'npz-wrong-array',
      params: { array: 'test_features', found: '[1, 3]', expected: '[n, 2]' },
    })
  })

  it('that are none are refused', async () => {
    expect((await refusal({ features: array([0, 3]) })).code).toBe('dataset-empty')
    expect((await refusal({ images: array([0, 3, 3]) })).code).toBe('dataset-empty')
  })
})
