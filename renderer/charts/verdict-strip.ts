/**
 * Draws D's verdicts as pixels. A row is a round; each verdict is a cell, source inputs left of the gap, target inputs
 * right of it. Cells are whole device pixels in one flat colour, so the verdicts can be read back from the picture.
 */
import type { StripRow } from '../format/verdicts'

/** All in device pixels. */
export interface StripGeometry {
  readonly cell: number
  readonly row: number
  readonly gap: number
  readonly width: number
  readonly height: number
}

const tallestRow = 24
/** If rows are lower than a number, only every 2nd, 5th, 10th, 20th or 50th is numbered. */
const steps = [2, 5, 10, 20]
/** Height of a round number, CSS pixels; the pitch between two numbers has the same unit. */
export const numberHeight = 16
const numberPitch = 24

/**
 * The largest cells for which `columns` verdicts and `rows` rounds fit into `width` x `height`, but at least one
 * pixel: a strip that is too long grows beyond its box and scrolls. Remaining pixels widen the gap, so that each half
 * ends at its edge of the box.
 */
export function stripGeometry(
  columns: number,
  rows: number,
  width: number,
  height: number,
  ratio: number,
): StripGeometry {
  const minGap = Math.round(8 * ratio)
  const cell = Math.max(1, Math.floor((width * ratio - minGap) / Math.max(1, columns)))
  const gap = Math.max(minGap, Math.floor(width * ratio) - columns * cell)
  const fitting = Math.floor((height * ratio) / Math.max(1, rows))
  const row = Math.max(1, Math.min(Math.round(tallestRow * ratio), fitting))
  return { cell, row, gap, width: columns * cell + gap, height: Math.max(1, rows) * row }
}

/** Interval between numbered rows. */
export function numberedEvery(row: number, ratio: number): number {
  if (row >= numberHeight * ratio) return 1
  return steps.find((step) => step * row >= numberPitch * ratio) ?? 50
}

export function cellAt(geometry: StripGeometry, row: StripRow, column: number): number {
  return column * geometry.cell + (column < row.onSource ? 0 : geometry.gap)
}

export interface Strip {
  readonly rows: readonly StripRow[]
  readonly geometry: StripGeometry
  readonly colours: { readonly source: string; readonly target: string }
}

/** @param first index of the first row to draw; earlier rows are already on the canvas */
export function drawStrip(
  context: CanvasRenderingContext2D,
  { rows, geometry, colours }: Strip,
  first: number,
): void {
  context.setTransform(1, 0, 0, 1, 0, 0)
  rows.slice(first).forEach((row, below) => {
    Array.from(row.verdicts).forEach((verdict, column) => {
      context.fillStyle = verdict === '0' ? colours.source : colours.target
      context.fillRect(
        cellAt(geometry, row, column),
        (first + below) * geometry.row,
        geometry.cell,
        geometry.row,
      )
    })
  })
}

/** Number of rows of `next` that are already on a canvas showing `drawn`; 0 if everything must be drawn again. */
export function rowsKept(drawn: Strip, next: Strip): number {
  const isSame = <T extends object>(before: T, after: T) =>
    (Object.keys(before) as (keyof T)[]).every((key) => before[key] === after[key])
  const fits = isSame(drawn.geometry, next.geometry) && isSame(drawn.colours, next.colours)
  const continues = drawn.rows.every((row, line) => {
    const now = next.rows[line]
    return row === now || (row.verdicts === now?.verdicts && row.onSource === now.onSource)
  })
  return fits && continues ? drawn.rows.length : 0
}
