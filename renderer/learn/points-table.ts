/** The points of the two-dimensional picture as a table: current position and D's verdict. */
import type { Table } from '../charts/figure'
import { mapPoints, verdict, type Points, type Toy } from './toy'

export interface PointWords {
  readonly columns: readonly [domain: string, label: string, x: string, y: string, verdict: string]
  readonly source: string
  readonly target: string
  readonly classes: readonly [circle: string, cross: string]
}

export function pointsTable({ source, target, MT, D }: Toy, words: PointWords): Table {
  const rowsOf = (domain: string, { labels }: Points, xy: Float64Array) =>
    labels.map((label, i) => {
      const [x, y] = [xy[i * 2] ?? 0, xy[i * 2 + 1] ?? 0]
      return [domain, words.classes[label], x, y, verdict(D, x, y)]
    })
  return {
    columns: words.columns,
    rows: [
      ...rowsOf(words.source, source, source.xy),
      ...rowsOf(words.target, target, mapPoints(MT, target.xy)),
    ],
  }
}
