import { describe, expect, it } from 'vitest'
import type { Numbers } from '../../../../src/data/arrays/array-file'
import { sentence } from '../../../../src/language/sentence'
import { array, assembled, floats, refusal } from './support'

async function pixelsOf(values: Numbers, stretch = false) {
  const read = await assembled({ images: array([1, values.length, 2], doubled(values)) }, { stretch })
  if (read.samples.kind !== 'image') throw new Error('vectors')
  const { pixels } = read.samples.train
  return { ...read, pixels: pixels.filter((_, i) => i % 2 === 0), pixelsOfTest: read.samples.test?.pixels }
}

/** Each value twice: an image of a single column and row could be flattened. */
function doubled(values: Numbers): Numbers {
  const twice = Array.from(values).flatMap((value) => [value, value])
  return (values.constructor as unknown as { from(of: readonly number[]): Numbers }).from(twice)
}

describe('the values of images', () => {
  it.each<[string, Numbers, Uint8Array | Float32Array, string | undefined]>([
    ['bytes', Uint8Array.of(0, 7, 255), Uint8Array.of(0, 7, 255), undefined],
    ['floats from 0 to 1', Float32Array.of(0, 0.3, 1), Float32Array.of(0, 0.3, 1), 'unit'],
    ['floats that are shares of 255', Float64Array.of(0, 51 / 255, 1), Uint8Array.of(0, 51, 255), 'unit'],
    ['floats from 0 to 255', Float32Array.of(0, 25.5, 255), Float32Array.of(0, 0.1, 1), 'byte'],
    ['whole floats from 0 to 255', Float64Array.of(0, 25, 200), Uint8Array.of(0, 25, 200), 'byte'],
    ['floats from -1 to 1', Float32Array.of(-1, 0.5, 1), Float32Array.of(0, 0.75, 1), 'symmetric'],
    ['64-bit whole numbers of bytes', Int32Array.of(0, 25, 200), Uint8Array.of(0, 25, 200), 'byte'],
    ['16-bit numbers', Uint16Array.of(0, 257, 65535), Uint8Array.of(0, 1, 255), 'sixteen-bit'],
    [
      '16-bit numbers between bytes',
      Uint16Array.of(0, 1, 65535),
      Float32Array.of(0, 1 / 65535, 1),
      'sixteen-bit',
    ],
    ['16-bit numbers of bytes', Uint16Array.of(0, 1, 255), Uint8Array.of(0, 1, 255), 'byte'],
    ['small signed numbers that are bytes', Int8Array.of(0, 1, 127), Uint8Array.of(0, 1, 127), 'byte'],
  ])('are %s, which is said unless they are bytes', async (_, values, right, range) => {
    const { pixels, said } = await pixelsOf(values)
    expect(pixels).toEqual(right)
    expect(said('range-taken')?.range).toBe(range)
  })

  it('a hair outside are set to the end, counted and said', async () => {
    const { pixels, said } = await pixelsOf(Float32Array.of(-(2 ** -10), 0.5, 1.0000002))
    expect(pixels).toEqual(Float32Array.of(0, 0.5, 1))
    expect(said('range-clipped')).toEqual({ count: 4, array: 'images', least: -(2 ** -10), most: 1.0000002 })
  })

  it.each<[string, Numbers, number, number]>([
    ['negative whole numbers', Int8Array.of(-128, 0, 127), -128, 127],
    ['numbers beyond 16 bits', Uint32Array.of(0, 65536), 0, 65536],
    ['floats between 1 and 2', Float32Array.of(0, 1.5), 0, 1.5],
    ['standardised floats', Float32Array.of(-0.5, 2.75), -0.5, 2.75],
    ['floats that overshoot 0', Float32Array.of(-0.25, 1), -0.25, 1],
    ['floats beyond 255', Float32Array.of(0, 300.5), 0, 300.5],
  ])('that are %s are refused with the range found', async (_, values, least, most) => {
    const error = await refusal({ images: array([1, values.length, 2], doubled(values)) })
    expect(error).toMatchObject({ code: 'range-unknown', params: { array: 'images', least, most } })
    expect(sentence(error, 'en')).toContain('save bytes from 0 to 255, or floats from 0 to 1')
  })

  it.each([NaN, Infinity, -Infinity])('that are %d are refused by their image', async (value) => {
    const error = await refusal({ images: floats([3, 1, 2], 0, 0, 0, 0, value, 0) })
    expect(error).toEqual({
      code: 'pixel-not-finite',
      params: { file: 'x.npz', array: 'images', image: 2, value: String(value) },
    })
  })

  it.each<[string, Numbers, number, number]>([
    ['bytes of 0 and 1', Uint8Array.of(0, 1), 1, 255],
    ['floats up to 16', Float64Array.of(0, 16), 16, 255],
    ['floats up to a quarter', Float32Array.of(0, 0.25), 0.25, 1],
    ['12-bit numbers', Uint16Array.of(0, 4095), 4095, 65535],
  ])(
    'that are mostly unused, %s, are said, and stretched on a choice',
    async (_, values, brightest, full) => {
      const plain = await pixelsOf(values)
      expect(plain.said('range-unused')).toEqual({ array: 'images', brightest, full })
      const stretched = await pixelsOf(values, true)
      expect(stretched.pixels).toEqual(Uint8Array.of(0, 255))
      expect(stretched.codes).not.toContain('range-unused')
      expect(stretched.said('range-stretched')).toEqual({ array: 'images', least: 0, most: brightest })
    },
  )

  it('that are all one are not stretched', async () => {
    expect((await pixelsOf(Uint8Array.of(9, 9), true)).pixels).toEqual(Uint8Array.of(9, 9))
  })

  it('of the test are scaled as those of the training are, stretched too', async () => {
    const given = {
      images: array([1, 2, 2], Uint8Array.of(0, 2, 4, 4)),
      test_images: array([1, 2, 2], Uint8Array.of(0, 1, 2, 8)),
    }
    const { samples: plain } = await assembled(given)
    expect(plain.kind === 'image' && plain.test?.pixels).toEqual(Uint8Array.of(0, 1, 2, 8))
    const { samples, said } = await assembled(given, { stretch: true })
    expect(samples.kind === 'image' && samples.test?.pixels).toEqual(Float32Array.of(0, 0.25, 0.5, 1))
    expect(said('range-clipped')).toMatchObject({ count: 1, array: 'test_images' })
  })

  it('of the test that lie in another range are refused, with that of the training', async () => {
    const error = await refusal({
      x_train: floats([1, 2, 1], 0, 1),
      x_test: array([1, 2, 1], Uint8Array.of(0, 200)),
    })
    expect(error).toEqual({
      code: 'range-differs',
      params: { file: 'x.npz', array: 'x_test', least: 0, most: 200, first: 'x_train', range: 'unit' },
    })
    expect(sentence(error, 'en')).toContain('those of "x_train" are 0 (black) to 1 (white); scale both alike')
  })

  it('with opacity are drawn on white, whatever their range', async () => {
    const bytes = Uint8Array.of(0, 100, 200, 255, 0, 100, 200, 0, 0, 100, 200, 51)
    const right = Uint8Array.of(0, 100, 200, 255, 255, 255, 204, 224, 244)
    const { samples } = await assembled({ images: array([1, 3, 1, 4], bytes) }, { layout: 'nhwc' })
    expect(samples.kind === 'image' && samples.train.pixels).toEqual(right)
    const shares = Float64Array.from(bytes, (byte) => byte / 255)
    const { samples: same } = await assembled({ images: array([1, 3, 1, 4], shares) }, { layout: 'nhwc' })
    expect(same.kind === 'image' && same.train.pixels).toEqual(right)
  })
})
