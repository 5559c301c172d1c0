/** The computed parts of figures: thinning, tables, labels, strips, marker positions, files. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvOf, fileName } from '../../renderer/charts/figure'
import { networkPhase } from '../../renderer/charts/network'
import { markerPath } from '../../renderer/charts/markers'
import { spread } from '../../renderer/charts/plugins'
import { extentOf, mapping, nearest, union } from '../../renderer/charts/scatter'
import { tableOf, thin } from '../../renderer/charts/series'
import {
  cellAt,
  drawStrip,
  numberedEvery,
  rowsKept,
  stripGeometry,
  type Strip,
} from '../../renderer/charts/verdict-strip'
import type { StripRow } from '../../renderer/format/verdicts'

describe('thin', () => {
  const points = fc
    .array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 3, maxLength: 3000 })
    .map((ys) => ys.map((y, x) => ({ x, y })))

  it('keeps ends, extremes and order, and few points', () => {
    fc.assert(
      fc.property(points, (line) => {
        const kept = thin(line, 100)
        expect(kept.length).toBeLessThanOrEqual(Math.max(100, Math.min(line.length, 102)))
        expect(kept[0]).toBe(line[0])
        expect(kept[kept.length - 1]).toBe(line[line.length - 1])
        const ys = (some: readonly { y: number }[]) => some.map(({ y }) => y)
        expect(Math.max(...ys(kept))).toBe(Math.max(...ys(line)))
        expect(Math.min(...ys(kept))).toBe(Math.min(...ys(line)))
        kept.slice(1).forEach((point, i) => expect(point.x).toBeGreaterThan(kept[i]?.x ?? Infinity))
      }),
      { numRuns: 50 },
    )
  })

  it('goes through points that are made one by one as through a list of them', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 4, max: 200 }), (line, most) => {
        const made = {
          *[Symbol.iterator]() {
            yield* line
          },
        }
        expect(thin(made, most)).toEqual(thin(line, most))
      }),
      { numRuns: 30 },
    )
  })

  it('leaves short lines alone', () => {
    const line = [{ x: 0, y: 1 }]
    expect(thin(line, 100)).toEqual(line)
  })
})

describe('tables and files', () => {
  it('joins lines on x, with holes where a line has no point', () => {
    const table = tableOf('Round', [
      {
        label: 'a',
        colour: '',
        points: [
          { x: 0, y: 1 },
          { x: 2, y: 3 },
        ],
      },
      { label: 'b', colour: '', points: [{ x: 2, y: 4 }] },
    ])
    expect(table).toEqual({
      columns: ['Round', 'a', 'b'],
      rows: [
        [0, 1, null],
        [2, 3, 4],
      ],
    })
  })

  it('has no name in it that a spreadsheet runs; numbers below 0 stay numbers', () => {
    expect(csvOf({ columns: ['class', 'share'], rows: [['=1+1', -0.5]] })).toBe(
      "class,share\r\n'=1+1,-0.5\r\n",
    )
  })

  it('quotes what CSV needs quoted', () => {
    expect(
      csvOf({
        columns: ['a,b', 'c'],
        rows: [
          ['say "hi"', null],
          ['x', 0.5],
        ],
      }),
    ).toBe('"a,b",c\r\n"say ""hi""",\r\nx,0.5\r\n')
  })

  it('makes a file name out of a question, in any language', () => {
    expect(fileName('Can D still tell them apart?', 'csv')).toBe('can-d-still-tell-them-apart.csv')
    expect(fileName('D 还能分辨两个域吗？', 'png')).toBe('d-还能分辨两个域吗.png')
  })
})

describe('labels at the ends of lines', () => {
  it('never overlap and stay inside', () => {
    const ys = fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(ys, (places) => {
        const labels = places.map((y) => ({ text: '', colour: '', y, dot: null }))
        spread(labels, 0, 200)
        const sorted = labels.map(({ y }) => y).sort((a, b) => a - b)
        sorted.slice(1).forEach((y, i) => expect(y - (sorted[i] ?? 0)).toBeGreaterThanOrEqual(14 - 1e-9))
        expect(sorted[0]).toBeGreaterThanOrEqual(0)
        expect(sorted[sorted.length - 1]).toBeLessThanOrEqual(200)
      }),
    )
  })
})

describe('the verdict strip', () => {
  const row = (round: number): StripRow => ({ round, verdicts: '0110', onSource: 2 })

  const geometry = stripGeometry(4, 2, 100, 20, 1)
  const strip = (...rows: StripRow[]): Strip => ({
    rows,
    geometry,
    colours: { source: 'red', target: 'blue' },
  })

  function paint(drawn: Strip, first: number) {
    const painted: [string, number, number, number, number][] = []
    const context = {
      fillStyle: '',
      setTransform: () => undefined,
      fillRect(x: number, y: number, w: number, h: number) {
        painted.push([this.fillStyle, x, y, w, h])
      },
    }
    drawStrip(context as unknown as CanvasRenderingContext2D, drawn, first)
    return painted
  }

  it('paints each verdict as whole pixels of the colour of the domain that it names', () => {
    const painted = paint(strip(row(1), row(2)), 0)
    expect(painted.map(([colour]) => colour)).toEqual([
      'red',
      'blue',
      'blue',
      'red',
      'red',
      'blue',
      'blue',
      'red',
    ])
    for (const [, ...numbers] of painted)
      for (const number of numbers) expect(Number.isInteger(number)).toBe(true)
    expect(painted[2]?.[1]).toBe(2 * geometry.cell + geometry.gap)
    expect(painted[4]?.[2]).toBe(geometry.row)
  })

  it('adds the rows of new rounds below those that are there', () => {
    const [one, two] = [row(1), row(2)]
    const kept = rowsKept(strip(one), strip({ ...one }, two))
    expect(kept).toBe(1)
    expect(paint(strip(one, two), kept)).toEqual(paint(strip(one, two), 0).slice(4))
  })

  it('is drawn anew where a row, the size or a colour is another one', () => {
    const [one, two] = [row(1), row(2)]
    const drawn = strip(one, two)
    expect(rowsKept(drawn, strip(one, { ...two, verdicts: '0100' }))).toBe(0)
    expect(rowsKept(drawn, strip(one, { ...two, onSource: 1 }))).toBe(0)
    expect(rowsKept(drawn, strip(one))).toBe(0)
    expect(rowsKept(drawn, { ...drawn, geometry: stripGeometry(4, 2, 100, 30, 1) })).toBe(0)
    expect(rowsKept(drawn, { ...drawn, colours: { source: 'red', target: 'green' } })).toBe(0)
  })

  it('numbers each row that is tall enough, whatever the screen’s resolution, and others in round steps', () => {
    for (const ratio of [1, 1.0954, 1.1, 1.25, 1.5, 1.728, 2])
      expect(numberedEvery(stripGeometry(4, 1, 100, 100, ratio).row, ratio)).toBe(1)
    expect([16, 15].map((row) => numberedEvery(row, 1))).toEqual([1, 2])
    expect([12, 5, 3, 1].map((row) => numberedEvery(row, 1))).toEqual([2, 5, 10, 50])
  })

  it('never overlaps cells, whatever its size and the screen’s resolution', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.constantFrom(1, 1.25, 1.5, 2, 3),
        (columns, rows, ratio) => {
          const geometry = stripGeometry(columns, rows, 300, 120, ratio)
          expect(geometry.cell).toBeGreaterThanOrEqual(1)
          expect(geometry.row).toBeGreaterThanOrEqual(1)
          const last = cellAt(geometry, { round: 1, verdicts: '', onSource: 0 }, columns - 1)
          expect(last + geometry.cell).toBeLessThanOrEqual(geometry.width)
          expect(rows * geometry.row).toBeLessThanOrEqual(geometry.height)
        },
      ),
    )
  })
})

describe('the scatter', () => {
  const cloud = { points: new Float32Array([0, 0, 10, 5]), shapes: [0, 1], colour: 'red' }

  it('finds the point under the pointer, and none far from all', () => {
    const extent = extentOf([cloud])
    if (extent === null) throw new Error('no extent')
    const at = mapping(extent, 200, 100)
    expect(nearest([cloud], at, at.x(10) + 2, at.y(5))).toEqual({ cloud: 0, index: 1 })
    expect(nearest([cloud], at, at.x(5), at.y(2.5))).toBeNull()
  })

  it('keeps every point inside, and only grows its frame', () => {
    const extent = extentOf([cloud])
    const grown = union(extent, { left: -5, right: 1, top: 0, bottom: 9 })
    expect(grown).toEqual({ left: -5, right: 10, top: 0, bottom: 9 })
    expect(union(null, extent)).toEqual(extent)
    expect(extentOf([])).toBeNull()
  })
})

describe('markers', () => {
  it('differ for ten classes, and start over after them', () => {
    const shapes = Array.from({ length: 10 }, (_, index) => markerPath(index, 3))
    expect(new Set(shapes).size).toBe(10)
    expect(markerPath(10, 3)).toBe(shapes[0])
  })
})

describe('the network picture', () => {
  const shot = { role: 'adaptation', networks: [], discriminator: false, sourceJudge: 'MS' } as const
  const adda = { ...shot, networks: [{ id: 'discriminator', layers: [] }], discriminator: true } as const
  const mcd = {
    ...shot,
    networks: [{ id: 'target_classifier', like: 'classifier' }],
    sourceJudge: 'MT',
  } as const

  it('shows one encoder for both domains, and a classifier that learns, where a method has them', () => {
    const { states, flows } = networkPhase('adaptation', mcd)
    expect(states).toEqual({ MS: 'idle', C: 'learning', MT: 'learning', D: 'absent' })
    expect(flows).toContain('xs-MT')
    expect(flows).not.toContain('xs-MS')
    expect(networkPhase('adaptation', { ...mcd, role: 'control', sourceJudge: 'MS' }).states.C).toBe('frozen')
    expect(networkPhase('adaptation', { ...mcd, role: 'reference' }).flows).not.toContain('xs-MT')
  })

  it('shows one encoder for both domains on a frozen classifier, where a method keeps that', () => {
    const teacher = {
      ...shot,
      networks: [{ id: 'teacher_encoder', like: 'encoder' }],
      sourceJudge: 'MT',
    } as const
    const { states, flows } = networkPhase('adaptation', teacher)
    expect(states).toEqual({ MS: 'idle', C: 'frozen', MT: 'learning', D: 'absent' })
    for (const shown of [flows, networkPhase('measuring', teacher).flows]) {
      expect(shown).toContain('xs-MT')
      expect(shown).not.toContain('xs-MS')
    }
  })

  it('freezes MS and C while MT and D learn', () => {
    expect(networkPhase('adaptation', adda).states).toEqual({
      MS: 'frozen',
      C: 'frozen',
      MT: 'learning',
      D: 'learning',
    })
    expect(networkPhase('source', adda).states).toMatchObject({ MS: 'learning', C: 'learning', MT: 'idle' })
  })

  it('has no D where the method has none', () => {
    for (const phase of ['source', 'adaptation', 'measuring', 'none'] as const) {
      const { states, flows } = networkPhase(phase, shot)
      expect(states.D).toBe('absent')
      expect([...flows].some((flow) => flow.endsWith('-D'))).toBe(false)
    }
  })
})
