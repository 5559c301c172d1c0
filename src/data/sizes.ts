/** Width and height of the pictures of a set: one size for all, or one for each. */

export interface Size {
  readonly width: number
  readonly height: number
}

export function sidesEqual(one: Size, other: Size): boolean {
  return one.width === other.width && one.height === other.height
}

/** Sizes of pictures that differ, by row. */
export interface OwnSizes {
  readonly widths: Uint16Array
  readonly heights: Uint16Array
  /** `[count + 1]`: where each picture starts, in pixels from the first picture; the last entry is the total. */
  readonly starts: Float64Array
}

export type Sizes = Size | OwnSizes

/** The size that all pictures have; null if they have sizes of their own. */
export function commonSize(sizes: Sizes): Size | null {
  return 'width' in sizes ? sizes : null
}

export function sizeAt(sizes: Sizes, row: number): Size {
  return 'width' in sizes ? sizes : { width: sizes.widths[row] ?? 0, height: sizes.heights[row] ?? 0 }
}

/** Where the picture of this row starts, in pixels from the first picture. */
export function startOf(sizes: Sizes, row: number): number {
  return 'width' in sizes ? row * sizes.width * sizes.height : (sizes.starts[row] ?? 0)
}

/** Sizes of pictures that may differ; one size if they do not. */
export function sizesOf(widths: Uint16Array, heights: Uint16Array): Sizes {
  const [width = 0, height = 0] = [widths[0], heights[0]]
  if (widths.every((one, row) => one === width && heights[row] === height)) return { width, height }
  const starts = new Float64Array(widths.length + 1)
  for (let row = 0; row < widths.length; row++) {
    starts[row + 1] = (starts[row] ?? 0) + (widths[row] ?? 0) * (heights[row] ?? 0)
  }
  return { widths, heights, starts }
}

interface Lengths {
  readonly least: number
  readonly most: number
}

/** The smallest and largest width and height. */
export function sizeRange(sets: readonly Sizes[]): { readonly width: Lengths; readonly height: Lengths } {
  const range = (lengths: Iterable<number>): Lengths => {
    let [least, most] = [Infinity, 0]
    for (const length of lengths) {
      least = Math.min(least, length)
      most = Math.max(most, length)
    }
    return { least: Math.min(least, most), most }
  }
  const all = (own: (sizes: Sizes) => Iterable<number>) => sets.map((sizes) => range(own(sizes)))
  const ends = (ranges: readonly Lengths[]) => range(ranges.flatMap(({ least, most }) => [least, most]))
  return {
    width: ends(all((sizes) => ('width' in sizes ? [sizes.width] : sizes.widths))),
    height: ends(all((sizes) => ('height' in sizes ? [sizes.height] : sizes.heights))),
  }
}
