/** Lines of a chart, and what makes long ones affordable. */
export interface Point {
  readonly x: number
  readonly y: number
}

export interface Series {
  /** Written at the line's end, in its colour. */
  readonly label: string
  readonly colour: string
  /** Made when it is asked for: of a long run no more is held than what its chart draws. */
  readonly points: readonly Point[]
  /** Solid: chosen pairing. Dotted: best pairing. Dashed: before adaptation. */
  readonly stroke?: 'solid' | 'dotted' | 'dashed'
  /** Accuracies and losses are read to different depths. */
  readonly digits?: number
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
export function thin(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points
  const first = points[0]
  const last = points[points.length - 1]
  if (first === undefined || last === undefined) return points
  const bucket = Math.ceil((points.length - 2) / ((most - 2) / 2))
  const kept: Point[] = [first]
  for (let start = 1; start < points.length - 1; start += bucket) {
    const some = points.slice(start, Math.min(start + bucket, points.length - 1))
    const sorted = [...some].sort((a, b) => a.y - b.y)
    const low = sorted[0]
    const high = sorted[sorted.length - 1]
    if (low === undefined || high === undefined) continue
    kept.push(...(low === high ? [low] : low.x < high.x ? [low, high] : [high, low]))
  }
  kept.push(last)
  return kept
}

/** The same numbers as a table: one row for every x that occurs. */
export function tableOf(xTitle: string, series: readonly Series[]) {
  const xs = [...new Set(series.flatMap((line) => line.points.map((point) => point.x)))].sort((a, b) => a - b)
  const columns = series.map((line) => new Map(line.points.map((point) => [point.x, point.y])))
  return {
    columns: [xTitle, ...series.map((line) => line.label)],
    rows: xs.map((x) => [x, ...columns.map((column) => column.get(x) ?? null)]),
  }
}
