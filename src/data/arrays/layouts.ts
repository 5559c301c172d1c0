/** What the axes of an array of samples mean, and the samples in the order in which the lab holds them. */
import { labError } from '../../contract/errors'
import { type Layout } from '../../contract/reading'
import type { SampleWord } from './names'
import type { Numbers } from './array-file'
import { inOrder, stridesOf } from './axes'

export interface ImageShape {
  readonly count: number
  readonly height: number
  readonly width: number
  readonly channels: number
}

export const isVectors = (layout: Layout): boolean => layout.startsWith('vectors')

const channelCounts = [1, 3, 4]
/** Rows of fewer values than this are not taken for flattened images. */
const leastSide = 8

/** The side of a square flattened image of some channels; null if it is none. */
function sideOf(length: number, channels: number): number | null {
  const side = Math.sqrt(length / channels)
  return Number.isInteger(side) && side >= leastSide ? side : null
}

/** The layouts of rows that may be square images; none if their length rules it out. */
export function imageRows(length: number): Layout[] {
  if (sideOf(length, 1) !== null) return ['n-hw']
  return sideOf(length, 3) === null ? [] : ['n-chw', 'n-hwc']
}

/** The lengths of the axes in the array's order, with those of flattened ones apart. Null if the shape does not fit. */
function axesOf(layout: Layout, shape: readonly number[]): { letters: string; lengths: number[] } | null {
  const flat = /^n-(hw|hwc|chw)$/.exec(layout)?.[1]
  if (flat === undefined) {
    return layout.length === shape.length ? { letters: layout, lengths: [...shape] } : null
  }
  const [count = 0, length = 0] = shape
  const channels = flat === 'hw' ? 1 : 3
  const side = Math.sqrt(length / channels)
  if (shape.length !== 2 || !Number.isInteger(side) || side === 0) return null
  const lengthOf = (letter: string) => (letter === 'c' ? channels : side)
  return { letters: `n${flat}`, lengths: [count, ...flat.split('').map(lengthOf)] }
}

/** Null if the layout does not fit the shape. */
export function imageShape(layout: Layout, shape: readonly number[]): ImageShape | null {
  const axes = isVectors(layout) ? null : axesOf(layout, shape)
  if (axes === null) return null
  const of = (letter: string) => axes.lengths[axes.letters.indexOf(letter)] ?? 1
  const found = { count: of('n'), height: of('h'), width: of('w'), channels: of('c') }
  return channelCounts.includes(found.channels) ? found : null
}

/** The values as `[n, h, w, c]`. */
export function imagesInOrder<N extends Numbers>(values: N, layout: Layout, shape: readonly number[]): N {
  const axes = axesOf(layout, shape)
  if (axes === null) return values
  const { letters, lengths } = axes
  const strides = stridesOf(lengths)
  const order = 'nhwc'.split('').map((letter) => letters.indexOf(letter))
  return inOrder(
    values,
    order.map((axis) => lengths[axis] ?? 1),
    order.map((axis) => strides[axis] ?? 0),
  )
}

/** Whether an image with the samples along the last axis or channels elsewhere is the only reading of a shape. */
function imageLayouts(shape: readonly number[], labels: number | null, isMatlab: boolean): Layout[] {
  const [first = 0, second = 0, third = 0, fourth = 0] = shape
  const isChannel = (length: number) => channelCounts.includes(length)
  if (shape.length === 3) {
    const isLast =
      labels === null
        ? (first === second || isMatlab) && second !== third
        : first !== labels && third === labels
    const isOne = (third === 3 || third === 4) && (labels === null || labels === 1) && first !== labels
    return ['nhw', ...(isLast && !isOne ? (['hwn'] as const) : []), ...(isOne ? (['hwc'] as const) : [])]
  }
  if (shape.length !== 4) return []
  return [
    ...(isChannel(fourth) ? (['nhwc'] as const) : []),
    ...(isChannel(second) ? (['nchw'] as const) : []),
    ...(isChannel(third) ? (['hwcn'] as const) : []),
    ...(first === 3 ? (['chwn'] as const) : []),
  ]
}

interface Rows {
  readonly word: SampleWord
  /** Whether all values are whole numbers from 0 to 255. */
  readonly areBytes: boolean
}

function rowLayouts([count = 0, length = 0]: readonly number[], labels: number | null, by: Rows): Layout[] {
  const vectors: Layout = labels === length && labels !== count ? 'vectors-by-column' : 'vectors'
  const images = imageRows(length)
  if (by.word === 'vectors' || images.length === 0) return [vectors]
  if (by.word === 'any' && !by.areBytes) return [vectors]
  return by.word === 'images' && by.areBytes ? images : [vectors, ...images]
}

/** All layouts that a shape allows, without more evidence. */
function possible({ shape, labels, rows: by, isMatlab }: LayoutQuestion): Layout[] {
  if (shape.length === 2) return rowLayouts(shape, labels, by)
  return by.word === 'vectors' ? [] : imageLayouts(shape, labels, isMatlab)
}

export interface LayoutQuestion {
  readonly file: string
  readonly array: string
  readonly shape: readonly number[]
  /** The number of labels; null if there are none. */
  readonly labels: number | null
  readonly rows: Rows
  readonly isMatlab: boolean
  /** Of the test samples; null if there are none. */
  readonly test: { readonly shape: readonly number[]; readonly labels: number | null } | null
}

/** The number of samples in a layout. */
function samplesIn(layout: Layout, shape: readonly number[]): number | null {
  if (layout === 'vectors-by-column') return shape[1] ?? null
  if (layout === 'vectors') return shape[0] ?? null
  return imageShape(layout, shape)?.count ?? null
}

/** The size of a sample in a layout as text. */
function sampleSize(layout: Layout, shape: readonly number[]): string {
  if (isVectors(layout)) return String(shape[layout === 'vectors' ? 1 : 0])
  const image = imageShape(layout, shape)
  return image === null ? '' : String([image.height, image.width, image.channels])
}

/** Those that evidence leaves; all if it leaves none. */
const filtered = (layouts: Layout[], fits: (layout: Layout) => boolean): Layout[] => {
  const left = layouts.filter(fits)
  return left.length === 0 ? layouts : left
}

/** What a layout makes of a shape, as text: two that make the same of it leave no doubt. */
function outcomeOf(layout: Layout, shape: readonly number[]): string {
  const axes = axesOf(layout, shape)
  if (isVectors(layout) || axes === null) return layout
  const order = axes.letters.split('').filter((_, axis) => axes.lengths[axis] !== 1)
  return `${JSON.stringify(imageShape(layout, shape))} ${order.join('')}`
}

function different(layouts: readonly Layout[], shape: readonly number[]): Layout[] {
  const outcomes = layouts.map((layout) => outcomeOf(layout, shape))
  return layouts.filter((_, index) => outcomes.indexOf(outcomes[index] ?? '') === index)
}

export const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`

/** Throws `layout-unclear`, `layout-misfit`. */
export function layoutOf(asked: LayoutQuestion, choice: Layout | null): Layout {
  const { file, array, shape, labels, rows, test } = asked
  const fits = (layout: Layout) =>
    isVectors(layout) ? shape.length === 2 : imageShape(layout, shape) !== null
  if (choice !== null) {
    if (fits(choice)) return choice
    throw labError('layout-misfit', { file, array, shape: shapeText(shape), asked: choice })
  }
  let layouts = different(possible(asked), shape)
  if (labels !== null && layouts.length > 1) {
    layouts = filtered(layouts, (layout) => samplesIn(layout, shape) === labels)
  }
  if (test !== null && layouts.length > 1) {
    layouts = filtered(layouts, (layout) => sampleSize(layout, test.shape) === sampleSize(layout, shape))
    const { labels: testLabels } = test
    if (testLabels !== null) {
      layouts = filtered(layouts, (layout) => samplesIn(layout, test.shape) === testLabels)
    }
  }
  const [layout] = layouts
  if (layout === undefined) {
    const misfit = rows.word === 'vectors' ? 'vectors' : shape.length === 3 ? 'nhw' : 'nhwc'
    throw labError('layout-misfit', { file, array, shape: shapeText(shape), asked: misfit })
  }
  if (layouts.length > 1) {
    throw labError('layout-unclear', { file, array, shape: shapeText(shape), options: layouts })
  }
  return layout
}
