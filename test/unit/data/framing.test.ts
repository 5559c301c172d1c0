import { createHash } from 'crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { framings } from '../../../src/contract/framing'
import { withChannels } from '../../../src/data/colour'
import { cubic, framingTo, resizer } from '../../../src/data/framing'
import type { Picture } from '../../../src/data/picture'
import pillow from '../../fixtures/images/bicubic.json'
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
  it('leaves a picture of the side as it is, in every way', () => {
    for (const side of [28, 64]) {
      const picture = grey(side, side, (x, y) => (x * y) / side ** 2)
      for (const framing of framings) expect(framingTo(framing, side)(picture)).toBe(picture)
    }
  })

  it('gives a square of the side, within the range of the picture, in every way', () => {
    const side = fc.integer({ min: 1, max: 40 })
    const framing = fc.constantFrom(...framings)
    fc.assert(
      fc.property(side, side, fc.integer({ min: 8, max: 40 }), framing, (width, height, to, kind) => {
        const framed = framingTo(kind, to)(grey(width, height, (x, y) => 0.2 + ((x + y) % 2) / 2))
        expect(sizes(framed)).toEqual([to, to, 1, to * to])
        const least = kind === 'letterbox' || kind === 'box20' ? 0 : 0.2
        expect(Math.min(...framed.values)).toBeGreaterThanOrEqual(least - 1e-6)
        expect(Math.max(...framed.values)).toBeLessThanOrEqual(0.7 + 1e-6)
      }),
    )
  })

  it('frames pictures of many sizes in any order', () => {
    const frame = framingTo('letterbox', 20)
    for (const round of [0, 1]) {
      for (let width = 1; width <= 100; width++) {
        expect(frame(grey(width, 50, () => round))).toEqual(
          framingTo('letterbox', 20)(grey(width, 50, () => round)),
        )
      }
    }
  })

  it('is to the last bit what 28x28 was in experiments of earlier versions', () => {
    const measured = {
      stretch: 'e5f4c75d8fe09b292c8d90a64d196863badbe5b45263ae6d978b09b25c595b03',
      box20: '92da82d1daf60be02312ea64a715de5dce47cdcadb1882d6239b95a2e8930081',
    }
    for (const kind of ['stretch', 'box20'] as const) {
      const digest = createHash('sha256')
      for (const [width, height] of [
        [16, 16],
        [31, 17],
        [5, 40],
        [28, 28],
        [100, 75],
      ] as const) {
        const values = Float32Array.from({ length: width * height * 3 }, (_, i) => ((i * 37) % 256) / 255)
        const framed = framingTo(kind, 28)({ width, height, channels: 3, values })
        digest.update(new Uint8Array(framed.values.buffer))
      }
      expect(digest.digest('hex')).toBe(measured[kind])
    }
  })

  it('fills the square with `stretch`', () => {
    const framed = framingTo('stretch', 28)(grey(16, 8, () => 1))
    expect(framed.values.every((value) => Math.abs(value - 1) < 1e-6)).toBe(true)
  })

  it('puts 20/28 of the side in the middle of black with `box20`', () => {
    for (const [side, from, to] of [
      [28, 4, 24],
      [224, 32, 192],
    ] as const) {
      const framed = framingTo('box20', side)(grey(16, 16, () => 1))
      const misfits = framed.values.filter((value, i) => {
        const [x, y] = [i % side, Math.floor(i / side)]
        const inside = x >= from && x < to && y >= from && y < to
        return Math.abs(value - (inside ? 1 : 0)) > 1e-6
      })
      expect(misfits).toHaveLength(0)
    }
  })

  it('keeps the shape of a narrow picture with `box20` and `letterbox`, on black', () => {
    const narrow = grey(10, 20, () => 1)
    const boxed = framingTo('box20', 28)(narrow)
    expect([8, 9, 18, 19].map((x) => at(boxed, x, 14)[0])).toEqual([0, 1, 1, 0])
    expect([3, 4, 23, 24].map((y) => at(boxed, 14, y)[0])).toEqual([0, 1, 1, 0])
    const lettered = framingTo('letterbox', 28)(narrow)
    expect([6, 7, 20, 21].map((x) => at(lettered, x, 0)[0])).toEqual([0, 1, 1, 0])
  })

  it('cuts the ends of the longer side with `centre-crop`, and nothing of the shorter one', () => {
    const wide = framingTo('centre-crop', 10)(grey(30, 10, (x, y) => x / 100 + y / 1000))
    expect([at(wide, 0, 0)[0], at(wide, 9, 9)[0]]).toEqual([Math.fround(0.1), Math.fround(0.199)])
    const odd = framingTo('centre-crop', 8)(grey(4, 9, (_, y) => (y >= 2 && y < 6 ? 1 : 0)))
    expect(odd.values.every((value) => Math.abs(value - 1) < 1e-6)).toBe(true)
  })
})

describe('bicubic framing for backbones', () => {
  it.each(pillow)('of $width x $height to $side is within 1 of 255 of Pillow', (one) => {
    const { width, height, side, pixels, resized } = one
    const values = Float32Array.from(pixels, (value) => value / 255)
    const framed = framingTo('inner-crop', side, cubic)({ width, height, channels: 3, values })
    const apart = framed.values.map((value, i) => Math.abs(255 * value - (resized[i] ?? NaN)))
    expect(Math.max(...apart)).toBeLessThanOrEqual(1)
    expect(Math.min(...framed.values)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...framed.values)).toBeLessThanOrEqual(1)
  })

  it('leaves an image of the side as it is', () => {
    const picture = grey(8, 8, (x, y) => (x + y) / 16)
    expect(framingTo('inner-crop', 8, cubic)(picture).values).toEqual(picture.values)
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
