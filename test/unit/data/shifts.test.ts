import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shiftSchema, type Shift } from '../../../src/contract/experiment'
import type { Picture } from '../../../src/data/picture'
import { stream } from '../../../src/data/random'
import { applyShift } from '../../../src/data/shifts'
import { at, expectClose, sizes } from './pictures'

const side = 28
const random = () => stream(0, 'test')
const under = (picture: Picture, shift: Shift) => applyShift(picture, shift, random)
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0)

function picture(value: (x: number, y: number, channel: number) => number, channels: 1 | 3 = 1): Picture {
  const values = new Float32Array(side * side * channels)
  values.forEach((_, i) => {
    const pixel = Math.floor(i / channels)
    values[i] = value(pixel % side, Math.floor(pixel / side), i % channels)
  })
  return { width: side, height: side, channels, values }
}

/** An image without symmetry, black at the border. */
const blob = picture((x, y) => (x > 8 && x < 20 && y > 8 && y < 17 ? ((7 * x + 13 * y) % 17) / 17 : 0))
const noise = picture((x, y, c) => ((31 * x + 57 * y + 11 * c) % 97) / 97, 3)

/** Asserts that each pixel of `shifted` is the pixel of `original` at `from`, or black outside. */
function expectMoved(shifted: Picture, original: Picture, from: (x: number, y: number) => [number, number]) {
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [fromX, fromY] = from(x, y)
      const inside = fromX >= 0 && fromX < side && fromY >= 0 && fromY < side
      const wanted = inside ? at(original, fromX, fromY) : at(original, 0, 0).map(() => 0)
      expectClose(at(shifted, x, y), wanted)
    }
  }
}

describe('rotation', () => {
  it('by 90 degrees turns anticlockwise: what was right is above', () => {
    expectMoved(under(noise, { kind: 'rotation', degrees: 90 }), noise, (x, y) => [side - 1 - y, x])
  })

  it('by 180 degrees turns upside down', () => {
    expectMoved(under(noise, { kind: 'rotation', degrees: 180 }), noise, (x, y) => [
      side - 1 - x,
      side - 1 - y,
    ])
  })

  it('and back is nearly what it was', () => {
    const smooth = under(blob, { kind: 'blur', deviation: 2 })
    const back = under(under(smooth, { kind: 'rotation', degrees: 20 }), { kind: 'rotation', degrees: -20 })
    back.values.forEach((value, i) => expect(Math.abs(value - (smooth.values[i] ?? NaN))).toBeLessThan(0.02))
  })
})

describe('translation', () => {
  it('by whole pixels moves exactly', () => {
    const shift = fc.integer({ min: -28, max: 28 })
    fc.assert(
      fc.property(shift, shift, (right, down) => {
        const moved = under(noise, { kind: 'translation', right, down })
        expectMoved(moved, noise, (x, y) => [x - right, y - down])
      }),
      { numRuns: 15 },
    )
  })

  it('by half a pixel takes the mean of two', () => {
    const moved = under(noise, { kind: 'translation', right: 0.5, down: 0 })
    const [here = NaN] = at(noise, 10, 7)
    const [left = NaN] = at(noise, 9, 7)
    expect(at(moved, 10, 7)[0]).toBeCloseTo((here + left) / 2, 6)
  })
})

describe('scale', () => {
  it('by 2 makes four times the ink, by 1/2 a quarter', () => {
    const even = picture((x, y) => (x >= 10 && x < 18 && y >= 10 && y < 18 ? 1 : 0))
    expect(sum(under(even, { kind: 'scale', factor: 2 }).values)).toBeCloseTo(4 * 64, 3)
    const smooth = under(even, { kind: 'blur', deviation: 2 })
    expect(sum(under(smooth, { kind: 'scale', factor: 0.5 }).values)).toBeCloseTo(64 / 4, 1)
  })

  it('keeps the middle in its place', () => {
    const spot = picture((x, y) => (x > 12 && x < 15 && y > 12 && y < 15 ? 1 : 0))
    const { values } = under(spot, { kind: 'scale', factor: 3 })
    const centre = sum(values.map((value, i) => value * (i % side))) / sum(values)
    expect(centre).toBeCloseTo(13.5, 4)
  })
})

describe('shear', () => {
  it('by 45 degrees moves each row by its height above the middle', () => {
    const lines = picture((x) => (x === 13 || x === 14 ? 1 : 0))
    const slanted = under(lines, { kind: 'shear', degrees: 45 })
    for (const y of [4, 13, 20]) {
      const row = slanted.values.subarray(y * side, (y + 1) * side)
      const centre = sum(row.map((value, x) => value * x)) / sum(row)
      expect(centre).toBeCloseTo(13.5 + (13.5 - y), 4)
    }
  })
})

describe('intensities', () => {
  it('are inverted', () => {
    const inverted = under(noise, { kind: 'inversion' })
    inverted.values.forEach((value, i) => expect(value).toBeCloseTo(1 - (noise.values[i] ?? NaN), 6))
  })

  it('get noise of the deviation asked for', () => {
    const noisy = under(
      picture(() => 0.5, 3),
      { kind: 'noise', deviation: 0.1 },
    )
    const mean = sum(noisy.values) / noisy.values.length
    const variance = sum(noisy.values.map((value) => (value - mean) ** 2)) / noisy.values.length
    expect(mean).toBeCloseTo(0.5, 1.9)
    expect(Math.sqrt(variance)).toBeGreaterThan(0.095)
    expect(Math.sqrt(variance)).toBeLessThan(0.105)
  })

  it('stay in [0, 1] under the strongest noise and contrast', () => {
    for (const shift of [
      { kind: 'noise', deviation: 1 },
      { kind: 'contrast', factor: 5 },
    ] as const) {
      const { values } = under(noise, shift)
      expect([Math.min(...values), Math.max(...values)]).toEqual([0, 1])
    }
  })

  it('keep their mean under contrast, and shrink towards it', () => {
    const mean = sum(noise.values.filter((_, i) => i % 3 === 1)) / (side * side)
    const flat = under(noise, { kind: 'contrast', factor: 0 })
    expect(at(flat, 3, 4)[1]).toBeCloseTo(mean, 5)
    const half = under(noise, { kind: 'contrast', factor: 0.5 })
    expect(at(half, 3, 4)[1]).toBeCloseTo(mean + ((at(noise, 3, 4)[1] ?? NaN) - mean) / 2, 5)
  })
})

describe('blur', () => {
  it('of one white pixel is a Gaussian', () => {
    const { values } = under(
      picture((x, y) => (x === 14 && y === 14 ? 1 : 0)),
      { kind: 'blur', deviation: 1 },
    )
    const row = values.subarray(14 * side, 15 * side)
    const ratio = (x: number) => (row[x] ?? NaN) / (row[14] ?? NaN)
    for (const distance of [1, 2, 3]) {
      expect(ratio(14 + distance)).toBeCloseTo(Math.exp(-(distance ** 2) / 2), 5)
      expect(ratio(14 - distance)).toBeCloseTo(Math.exp(-(distance ** 2) / 2), 5)
    }
    expect(values[14 * side + 14]).toBeCloseTo(0.3990502 ** 2, 4)
  })

  it('keeps all ink where it does not reach the border', () => {
    const inked = picture((x, y) => (Math.abs(x - 14) < 3 && Math.abs(y - 13) < 4 ? (x + y) / 60 : 0))
    expect(sum(under(inked, { kind: 'blur', deviation: 2 }).values)).toBeCloseTo(sum(inked.values), 4)
  })

  it('keeps colours apart', () => {
    const red = picture((x, y, c) => (c === 0 && x === 14 && y === 14 ? 1 : 0), 3)
    const [r = 0, ...others] = at(under(red, { kind: 'blur', deviation: 1 }), 13, 14)
    expect(r).toBeGreaterThan(0.05)
    expect(others).toEqual([0, 0])
  })
})

describe('coloured background', () => {
  const black = picture(() => 0)
  const background = under(black, { kind: 'coloured-background' })

  it('gives RGB in [0, 1], of many colours', () => {
    expect(sizes(background)).toEqual([28, 28, 3, 28 * 28 * 3])
    expect(Math.min(...background.values)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...background.values)).toBeLessThanOrEqual(1)
    expect(new Set(background.values).size).toBeGreaterThan(500)
  })

  it('is the difference of texture and digit', () => {
    const drawn = under(blob, { kind: 'coloured-background' })
    for (const [x, y] of [
      [2, 2],
      [12, 12],
      [15, 10],
    ] as const) {
      const [ink = NaN] = at(blob, x, y)
      const wanted = at(background, x, y).map((value) => Math.abs(value - ink))
      expectClose(at(drawn, x, y), wanted)
    }
  })

  it('is another for another image', () => {
    const other = applyShift(black, { kind: 'coloured-background' }, () => stream(0, 'other'))
    expect(other.values).not.toEqual(background.values)
  })
})

describe('every shift', () => {
  const shifts: Shift[] = [
    { kind: 'rotation', degrees: 30 },
    { kind: 'scale', factor: 1.3 },
    { kind: 'shear', degrees: 15 },
    { kind: 'translation', right: 2.5, down: -1 },
    { kind: 'inversion' },
    { kind: 'noise', deviation: 0.2 },
    { kind: 'blur', deviation: 0.8 },
    { kind: 'contrast', factor: 0.4 },
    { kind: 'coloured-background' },
  ]

  it('is tried here', () => {
    const kinds = shiftSchema.options.map((option) => option.shape.kind.value)
    expect(shifts.map((shift) => shift.kind).sort()).toEqual([...kinds].sort())
  })

  it.each(shifts)('$kind repeats itself, stays in [0, 1] and leaves its input alone', (shift) => {
    const before = Float32Array.from(blob.values)
    const once = under(blob, shift)
    expect(under(blob, shift)).toEqual(once)
    expect(blob.values).toEqual(before)
    expect(once.values).not.toEqual(before)
    expect(Math.min(...once.values)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...once.values)).toBeLessThanOrEqual(1)
  })
})
