/** Rows as lines of text: CSV (RFC 4180, with line feeds) and JSON Lines. */
import { parse, unparse } from 'papaparse'
import { nameCell, nameInCell } from '../../contract/spreadsheet-cell'
import { fileCell, fileInCell } from '../tables/file-cell'
import type { Cell, Row } from './columns'

export interface Lines {
  /** The line before the first row; empty if there is none. */
  head(columns: readonly string[]): string
  of(rows: readonly Row[], columns: readonly string[]): string
  /** The cells of a line without its line feed; null if it is no row of these columns. */
  read(line: string, columns: readonly string[]): Row | null
  /** Whether a line feed between quotes belongs to a cell. */
  readonly quotes: boolean
}

/** The first column names the file, others name classes. */
function inCell(cell: Cell, column: number): Cell {
  if (typeof cell !== 'string') return cell
  return column === 0 ? fileCell(cell) : nameCell(cell)
}

const csvLines = (rows: readonly Row[]): string => {
  const cells = rows.map((row) => row.map((cell, column) => inCell(cell, column)))
  return `${unparse(cells, { newline: '\n' })}\n`
}

export const csv: Lines = {
  quotes: true,
  head: (columns) => csvLines([columns]),
  of: (rows) => csvLines(rows),
  read(line, columns) {
    const cells = parse<string[]>(line, { delimiter: ',', newline: '\n' }).data[0] ?? []
    if (cells.length !== columns.length) return null
    const [name = '', ...rest] = cells
    return [fileInCell(name), ...rest.map((text) => (text === '' ? null : nameInCell(text)))]
  },
}

export const jsonLines: Lines = {
  quotes: false,
  head: () => '',
  of(rows, columns) {
    const lines = rows.map((row) =>
      JSON.stringify(Object.fromEntries(columns.map((name, i) => [name, row[i] ?? null]))),
    )
    return lines.map((line) => `${line}\n`).join('')
  },
  read(line, columns) {
    const row = objectIn(line)
    if (row === null || Object.keys(row).join('\n') !== columns.join('\n')) return null
    return columns.map((name) => row[name] ?? null)
  },
}

function objectIn(line: string): Record<string, Cell> | null {
  try {
    return JSON.parse(line) as Record<string, Cell>
  } catch {
    return null
  }
}
