/** The rows of a table of text: its separator, and its cells one row after another. */
import Papa from 'papaparse'
import { labError } from '../../contract/errors'

export const separators = ['\t', ';', ','] as const
export type Separator = (typeof separators)[number]

/** Characters that are split into rows at a time, so that a large table needs little memory beside its text. */
const pieceLength = 2 ** 20
const sampleRows = 50
const sampleLength = 2 ** 22

const spaced = (cells: readonly string[]): string[] => cells.map((cell) => cell.trim())

/** Rows at the start of a text, without empty ones. The last one may be cut off where `text` is. */
export function firstRows(text: string, delimiter: Separator, most = sampleRows): string[][] {
  const { data } = Papa.parse<string[]>(text.slice(0, sampleLength), { delimiter, preview: most })
  return data.map(spaced).filter((cells) => cells.some((cell) => cell !== ''))
}

const plainNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i
const commaNumber = /^[+-]?(\d+,\d+|,\d+)(e[+-]?\d+)?$/i

/** Longer texts are no numbers. */
const longestNumber = 400

export const isPlainNumber = (cell: string): boolean => cell.length <= longestNumber && plainNumber.test(cell)
export const isCommaNumber = (cell: string): boolean => cell.length <= longestNumber && commaNumber.test(cell)

/** The share of numbers among the cells. */
function numberShare(rows: readonly string[][], separator: Separator): number {
  const cells = rows.flat()
  const isNumber = (cell: string) => isPlainNumber(cell) || (separator !== ',' && isCommaNumber(cell))
  return cells.filter(isNumber).length / Math.max(1, cells.length)
}

interface Candidate {
  readonly separator: Separator
  readonly columns: number
  readonly isEven: boolean
  readonly numbers: number
}

/** The separator that gives all rows the same columns, more of them numbers than any other. Null if there is none. */
export function separatorOf(text: string): Candidate | null {
  const candidates = separators.map((separator): Candidate => {
    const rows = firstRows(text, separator)
    // The last row may be cut off.
    const whole = rows.length > 2 ? rows.slice(0, -1) : rows
    const columns = whole[0]?.length ?? 0
    const isEven = whole.every((row) => row.length === columns)
    return { separator, columns, isEven, numbers: numberShare(whole.slice(1), separator) }
  })
  const several = candidates.filter(({ columns }) => columns > 1)
  const even = several.filter(({ isEven }) => isEven)
  const byNumbers = (even.length > 0 ? even : several).sort(
    (first, second) => second.numbers - first.numbers || second.columns - first.columns,
  )
  return byNumbers[0] ?? null
}

/**
 * The end of the piece that begins at `start`: behind a line break that is not part of a quoted cell, so that the
 * number of quotation marks before it is even.
 */
function endOfPiece(text: string, start: number): number {
  let isQuoted = false
  let quote = text.indexOf('"', start)
  for (let end = start + pieceLength; end < text.length; end++) {
    end = text.indexOf('\n', end)
    if (end < 0) break
    for (; quote >= 0 && quote < end; quote = text.indexOf('"', quote + 1)) isQuoted = !isQuoted
    if (!isQuoted) return end + 1
  }
  return text.length
}

/**
 * Calls `take` with the cells of each row, and the row's number from 1. Empty lines are counted and left out.
 * @throws `table-quote-open`, and what `take` throws
 */
export function eachRow(
  text: string,
  separator: Separator,
  file: string,
  take: (cells: string[], row: number) => void,
): void {
  let row = 0
  for (let start = 0; start < text.length;) {
    const end = endOfPiece(text, start)
    const { data, errors } = Papa.parse<string[]>(text.slice(start, end), { delimiter: separator })
    const wrong = errors.find(({ type }) => type === 'Quotes')
    if (wrong !== undefined) throw labError('table-quote-open', { file, row: row + (wrong.row ?? 0) + 1 })
    // Behind the last line break of a piece is one more, empty row.
    if (data.length > 1 && isBlank(data[data.length - 1] ?? [])) data.pop()
    for (const cells of data) {
      row += 1
      if (!isBlank(cells)) take(cells, row)
    }
    start = end
  }
}

const isBlank = (cells: readonly string[]): boolean => cells.length < 2 && (cells[0] ?? '').trim() === ''
