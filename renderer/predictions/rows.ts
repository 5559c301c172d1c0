/** Which samples of a prediction are shown, in which order, and how they fill the rows of the grid. */
import type { Predicted } from '../format/predicted'

export interface Filter {
  /** Position of the predicted class; null: every class. */
  readonly class: number | null
  /** Bounds of the probability, both inclusive. */
  readonly least: number
  readonly most: number
  /** Part of the file's name, in any letter case. */
  readonly text: string
}

export const noFilter: Filter = { class: null, least: 0, most: 1, text: '' }

/** A row of the grid: the heading of a class, or `length` samples of the order from `from`. */
export type Row =
  | { readonly kind: 'class'; readonly class: number; readonly count: number }
  | { readonly kind: 'samples'; readonly from: number; readonly length: number }

/** All samples by predicted class, the least sure first. */
export function sortedSamples({ count, predictions, probabilities }: Predicted): Int32Array {
  const order = Int32Array.from({ length: count }, (_, sample) => sample)
  const at = (column: ArrayLike<number>, sample: number) => column[sample] ?? 0
  return order.sort(
    (a, b) => at(predictions, a) - at(predictions, b) || at(probabilities, a) - at(probabilities, b) || a - b,
  )
}

/** The samples of `order` that the filter lets through, in the same order. */
export function filtered(order: Int32Array, predicted: Predicted, filter: Filter): Int32Array {
  const { files, predictions, probabilities } = predicted
  const text = filter.text.trim().toLowerCase()
  return order.filter((sample) => {
    if (filter.class !== null && predictions[sample] !== filter.class) return false
    const probability = probabilities[sample] ?? 0
    if (probability < filter.least || probability > filter.most) return false
    return text === '' || nameOf(files, sample).toLowerCase().includes(text)
  })
}

/** The file of a sample; its number if the samples are in an array. */
export function nameOf(files: readonly string[] | null, sample: number): string {
  return files?.[sample] ?? `#${sample}`
}

/** Rows of `columns` samples; each class begins with its heading. */
export function rowsByClass(order: Int32Array, predictions: Uint16Array, columns: number): Row[] {
  const rows: Row[] = []
  for (let from = 0; from < order.length;) {
    const of = predictions[order[from] ?? 0] ?? 0
    let end = from
    while (end < order.length && predictions[order[end] ?? 0] === of) end++
    rows.push({ kind: 'class', class: of, count: end - from }, ...plainRows(from, end, columns))
    from = end
  }
  return rows
}

/** Rows of `columns` samples without headings. */
export function plainRows(from: number, end: number, columns: number): Row[] {
  return Array.from({ length: Math.ceil((end - from) / columns) }, (_, row) => {
    const start = from + row * columns
    return { kind: 'samples', from: start, length: Math.min(columns, end - start) }
  })
}

/** The index in `rows` of the row that holds a position of the order. */
export function rowOf(rows: readonly Row[], position: number): number {
  let [low, high] = [0, rows.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    const row = rows[middle]
    const next = rows[middle + 1]
    const end = row?.kind === 'samples' ? row.from + row.length : next?.kind === 'samples' ? next.from : 0
    if (end <= position) low = middle + 1
    else high = middle
  }
  const found = rows[low]
  return found?.kind === 'class' ? low + 1 : low
}

/** The position in the next or previous row of samples, in the same column as far as that row reaches. */
export function verticalMove(rows: readonly Row[], position: number, by: 1 | -1): number {
  const at = rowOf(rows, position)
  const here = rows[at]
  if (here?.kind !== 'samples') return position
  let to = at + by
  while (rows[to]?.kind === 'class') to += by
  const row = rows[to]
  return row?.kind === 'samples' ? row.from + Math.min(position - here.from, row.length - 1) : position
}

/** Number of samples predicted as each class. */
export function countsByClass({ predictions, classes }: Predicted): number[] {
  const counts = classes.map(() => 0)
  for (const predicted of predictions) counts[predicted] = (counts[predicted] ?? 0) + 1
  return counts
}
