/** The lines of a chart, and thinning for long ones. */
export interface Point {
  readonly x: number
  readonly y: number
}

export interface Series {
  /** Written at the end of the line, in its colour. */
  readonly label: string
  readonly colour: string
  /** Iterated more than once. `pointsOf` creates points on demand, so that a long line takes no memory for them. */
  readonly points: Iterable<Point>
  /** Solid: chosen pairing. Dotted: best pairing. Dashed: before adaptation. */
  readonly stroke?: 'solid' | 'dotted' | 'dashed'
  /** Number of decimals; accuracies and losses need different ones. */
  readonly digits?: number
}

/** Points of a line, one for each item, created during iteration; null: no point for this item. */
export function pointsOf<Item>(
  items: readonly Item[],
  pointOf: (item: Item) => Point | null,
): Iterable<Point> {
  return {
    *[Symbol.iterator]() {
      for (const item of items) {
        const point = pointOf(item)
        if (point !== null) yield point
      }
    },
  }
}

export const dashes: Readonly<Record<NonNullable<Series['stroke']>, number[]>> = {
  solid: [],
  dotted: [1.5, 3],
  dashed: [6, 4],
}

/**
 * Reduces a line to about `most` points with the same outline: the minimum and maximum of every bucket, in their
 * order, and the first and last point.
 */
export function thin(points: Iterable<Point>, most: number): Point[] {
  const count = countOf(points)
  if (count <= most) return [...points]
  const size = Math.ceil((count - 2) / ((most - 2) / 2))
  const kept: Point[] = []
  let bucket: Point[] = []
  const empty = () => {
    kept.push(...extremesOf(bucket))
    bucket = []
  }
  let index = 0
  for (const point of points) {
    const isEnd = index === 0 || index === count - 1
    if (isEnd) empty()
    bucket.push(point)
    if (isEnd || bucket.length === size) empty()
    index++
  }
  return kept
}

function countOf(all: Iterable<unknown>): number {
  const iterator = all[Symbol.iterator]()
  let count = 0
  while (iterator.next().done !== true) count++
  return count
}

/** The minimum and the maximum, in their order on the line. */
function extremesOf(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.y - b.y)
  const [low, high] = [sorted[0], sorted[sorted.length - 1]]
  if (low === undefined || high === undefined) return []
  if (low === high) return [low]
  return low.x < high.x ? [low, high] : [high, low]
}

/** The series as a table: one row for every x. */
export function tableOf(xTitle: string, series: readonly Series[]) {
  const xs = [...new Set(series.flatMap((line) => Array.from(line.points, (point) => point.x)))].sort(
    (a, b) => a - b,
  )
  const columns = series.map((line) => new Map(Array.from(line.points, (point) => [point.x, point.y])))
  return {
    columns: [xTitle, ...series.map((line) => line.label)],
    rows: xs.map((x) => [x, ...columns.map((column) => column.get(x) ?? null)]),
  }
}
