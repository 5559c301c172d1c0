/** Lines of a chart, and what makes long ones affordable. */
export interface Point {
  readonly x: number
  readonly y: number
}

export interface Series {
  /** Written at the line's end, in its colour. */
  readonly label: string
  readonly colour: string
  /** Gone through more than once. Those of many rounds come from `pointsOf`: no more are held than the chart draws. */
  readonly points: Iterable<Point>
  /** Solid: chosen pairing. Dotted: best pairing. Dashed: before adaptation. */
  readonly stroke?: 'solid' | 'dotted' | 'dashed'
  /** Accuracies and losses are read to different depths. */
  readonly digits?: number
}

/** Of a line through `items`, each made as the line is gone through; null: no point there. */
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
 * At most about `most` points with the same outline: of every bucket its least and its greatest stay, in their
 * order, and the first and last points always do.
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

/** The least and the greatest, in the order in which they came. */
function extremesOf(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.y - b.y)
  const [low, high] = [sorted[0], sorted[sorted.length - 1]]
  if (low === undefined || high === undefined) return []
  if (low === high) return [low]
  return low.x < high.x ? [low, high] : [high, low]
}

/** The same numbers as a table: one row for every x that occurs. */
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
