import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withChannels } from '../../../src/data/colour'
import { framer, resizer } from '../../../src/data/framing'
import type { Picture } from '../../../src/data/picture'
import { at, expectClose, sizes } from './pictures'

const grey = (width: number, height: number, value: (x: number, y: number) => number): Picture => ({
  width,
  height,
  channels: 1,
  values: Float32Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))),
})

describe('resizing', () => {
  it('doubles as bilinear interpolation does by hand', () => {
    const { values } = resizer({ width: 2, height: 1 }, 4, 1)(grey(2, 1, (x) => x))
    expect(Array.from(values)).toEqual([0, 0.25, 0.75, 1])
  })

  it('works along both axes and keeps colours apart', () => {
    const values = Float32Array.from([0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1])
    const large = resizer({ width: 2, height: 2 }, 4, 4)({ width: 2, height: 2, channels: 3, values })
    expect(at(large, 1, 0)).toEqual([0.25, 0, 1])
    expect(at(large, 0, 1)).toEqual([0, 0.25, 1])
    expect(at(large, 1, 1)).toEqual([0.25 * 0.75 + 0.25 * 0.25, 0.25 * 0.75 + 0.25 * 0.25, 1])
  })

  it('skips no pixel when it reduces: one white pixel never vanishes', () => {
    for (let white = 0; white < 20; white++) {
      const small = resizer({ width: 20, height: 1 }, 4, 1)(grey(20, 1, (x) => (x === white ? 1 : 0)))
      expect(Math.max(...small.values)).toBeGreaterThan(0.02)
    }
  })

  it('leaves an even image even, whatever the sizes', () => {
    const side = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(side, side, side, side, (width, height, toWidth, toHeight) => {
        const even = resizer({ width, height }, toWidth, toHeight)(grey(width, height, () => 0.3))
        expect(sizes(even)).toEqual([toWidth, toHeight, 1, toWidth * toHeight])
        for (const value of even.values) expect(value).toBeCloseTo(0.3, 6)
      }),
    )
  })

  it('leaves an image of the same size as it is', () => {
    const picture = grey(5, 4, (x, y) => x / 10 + y / 100)
    expect(resizer(picture, 5, 4)(picture)).toEqual(picture)
  })
})

describe('framing', () => {
  it('leaves 28x28 as it is, either way', () => {
    const picture = grey(28, 28, (x, y) => (x * y) / 729)
    expect(framer(picture, 'fill')(picture)).toBe(picture)
    expect(framer(picture, 'box20')(picture)).toBe(picture)
  })

  it('fills 28x28 with `fill`', () => {
    const framed = framer({ width: 16, height: 16 }, 'fill')(grey(16, 16, () => 1))
    expect(sizes(framed)).toEqual([28, 28, 1, 784])
    expect(framed.values.every((value) => Math.abs(value - 1) < 1e-6)).toBe(true)
  })

  it('puts 20x20 in the middle of black with `box20`', () => {
    const framed = framer({ width: 16, height: 16 }, 'box20')(grey(16, 16, () => 1))
    for (let y = 0; y < 28; y++) {
      for (let x = 0; x < 28; x++) {
        const inside = x >= 4 && x < 24 && y >= 4 && y < 24
        expect(at(framed, x, y)[0]).toBeCloseTo(inside ? 1 : 0, 6)
      }
    }
  })

  it('keeps the shape of a narrow image with `box20`', () => {
    const framed = framer({ width: 10, height: 20 }, 'box20')(grey(10, 20, () => 1))
    expect([8, 9, 18, 19].map((x) => at(framed, x, 14)[0])).toEqual([0, 1, 1, 0])
    expect([3, 4, 23, 24].map((y) => at(framed, 14, y)[0])).toEqual([0, 1, 1, 0])
  })
})

describe('colour', () => {
  it('becomes grey by luma', () => {
    const values = Float32Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1])
    const picture = withChannels({ width: 2, height: 2, channels: 3, values }, 1)
    expectClose(Array.from(picture.values), [0.299, 0.587, 0.114, 1])
  })

  it('repeats grey, and comes back as it was', () => {
    const picture = grey(3, 2, (x, y) => x / 4 + y / 8)
    const rgb = withChannels(picture, 3)
    expect(at(rgb, 2, 1)).toEqual([0.625, 0.625, 0.625])
    const back = withChannels(rgb, 1)
    back.values.forEach((value, i) => expect(value).toBeCloseTo(picture.values[i] ?? NaN, 6))
  })
})
