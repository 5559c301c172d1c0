/**
 * The table of labels that a user gives to the samples of a dataset: a CSV with the columns `file` and `label`, which may
 * be edited by hand. Further columns and rows without a label are kept. It is written in UTF-8 with commas, a name that
 * a spreadsheet would run as a formula with `./` before it, and read as spreadsheets write it: with a byte order mark,
 * other line ends, semicolons or tabs.
 */
import Papa from 'papaparse'
import { labError } from '../contract/errors'
import { shortened } from '../contract/shortened'
import { maxShown } from './file'
import { fileCell, fileInCell } from './tables/file-cell'
import { eachRow, firstRows, separators } from './tables/rows'
import { decodeText } from './tables/text-encoding'

export interface LabelTable {
  /** The names of the columns. */
  readonly columns: readonly string[]
  /** Positions of the two columns. */
  readonly file: number
  readonly label: number
  /** As long as `columns`. */
  readonly rows: readonly (readonly string[])[]
}

export const emptyTable: LabelTable = { columns: ['file', 'label'], file: 0, label: 1, rows: [] }

/** Names that an error shows. */
const mostNamed = 3

export const firstNames = (names: readonly string[]): string[] =>
  names.slice(0, mostNamed).map((name) => shortened(name, maxShown))

/** @throws `text-encoding-unknown`, `labels-columns`, `table-quote-open` */
export function decodeLabels(bytes: Buffer, path: string): LabelTable {
  const { text } = decodeText(bytes, path)
  for (const separator of separators) {
    const [columns = []] = firstRows(text, separator, 1)
    const [file, label] = ['file', 'label'].map((name) =>
      columns.findIndex((column) => column.toLowerCase() === name),
    )
    if (file === undefined || label === undefined || file < 0 || label < 0) continue
    const rows: string[][] = []
    eachRow(text, separator, path, (cells) =>
      rows.push(columns.map((_, at) => (at === file ? fileInCell(cells[at] ?? '') : (cells[at] ?? '')))),
    )
    return { columns, file, label, rows: rows.slice(1) }
  }
  throw labError('labels-columns', { file: path })
}

export function encodeLabels({ columns, file, rows }: LabelTable): string {
  const cells = rows.map((row) => row.map((cell, at) => (at === file ? fileCell(cell) : cell)))
  return `${Papa.unparse([[...columns], ...cells], { newline: '\n' })}\n`
}

/** A row of the table; its class is empty if it has no label. */
interface LabelRow {
  readonly file: string
  readonly class: string
}

export function labelTable(rows: readonly LabelRow[]): LabelTable {
  return { ...emptyTable, rows: rows.map((row) => [row.file, row.class]) }
}

/** The rows that have a label. */
export function labelRows({ file, label, rows }: LabelTable): LabelRow[] {
  return rows
    .map((row) => ({ file: row[file] ?? '', class: (row[label] ?? '').trim().normalize('NFC') }))
    .filter((row) => row.class !== '')
}

/** Throws `labels-contradict`. */
export function refuseContradictions(table: LabelTable, path: string): void {
  const classes = new Map<string, string>()
  const twice = new Set<string>()
  for (const { file, class: name } of labelRows(table)) {
    const before = classes.get(file) ?? name
    classes.set(file, name)
    if (before !== name) twice.add(file)
  }
  if (twice.size === 0) return
  const names = firstNames([...twice])
  throw labError('labels-contradict', { file: path, count: twice.size, names })
}

/** A table with these labels changed: each file in its row, or in a new one; null takes a label away. */
export function withLabels(table: LabelTable, changes: ReadonlyMap<string, string | null>): LabelTable {
  const hasMore = table.columns.length > emptyTable.columns.length
  const left = new Map(changes)
  const changed = (row: readonly string[]): readonly string[] | null => {
    const name = row[table.file] ?? ''
    const given = changes.get(name)
    left.delete(name)
    if (given === undefined) return row
    // A row without a label is of use only for what else it says.
    return given === null && !hasMore ? null : replaced(row, table.label, given ?? '')
  }
  const kept = table.rows.map(changed).filter((row) => row !== null)
  const added = [...left].flatMap(([name, given]) => (given === null ? [] : [newRow(table, name, given)]))
  return { ...table, rows: [...kept, ...added] }
}

const replaced = (row: readonly string[], column: number, cell: string): string[] =>
  row.map((one, at) => (at === column ? cell : one))

function newRow({ columns, file, label }: LabelTable, name: string, given: string): string[] {
  return columns.map((_, at) => (at === file ? name : at === label ? given : ''))
}
