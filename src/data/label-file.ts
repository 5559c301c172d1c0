/**
 * The table of labels that a user gives to the samples of a dataset: a CSV with the columns `file` and `label`, which may
 * be edited by hand. Further columns and rows without a label are kept. It is written in UTF-8 with commas, names that
 * a spreadsheet would run as a formula with `./` before a file and `'` before a class, and read as spreadsheets write it:
 * with a byte order mark, other line ends, semicolons or tabs.
 */
import Papa from 'papaparse'
import { labError } from '../contract/errors'
import { shortened } from '../contract/shortened'
import { nameCell, nameInCell } from '../contract/spreadsheet-cell'
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

export interface DecodedLabels extends LabelTable {
  /** The number of each row in its file, from 1; the names of the columns are the first. */
  readonly lines: readonly number[]
}

/** @throws `text-encoding-unknown`, `labels-columns`, `table-quote-open` */
export function decodeLabels(bytes: Buffer, path: string): DecodedLabels {
  const { text } = decodeText(bytes, path)
  for (const separator of separators) {
    const [columns = []] = firstRows(text, separator, 1)
    const [file, label] = ['file', 'label'].map((name) =>
      columns.findIndex((column) => column.toLowerCase() === name),
    )
    if (file === undefined || label === undefined || file < 0 || label < 0) continue
    const rows: string[][] = []
    const lines: number[] = []
    eachRow(text, separator, path, (cells, line) => {
      const inCell = (at: number) => (at === file ? fileInCell : at === label ? nameInCell : String)
      rows.push(columns.map((_, at) => inCell(at)(cells[at] ?? '')))
      lines.push(line)
    })
    return { columns, file, label, rows: rows.slice(1), lines: lines.slice(1) }
  }
  throw labError('labels-columns', { file: path })
}

export function encodeLabels({ columns, file, label, rows }: LabelTable): string {
  const asCell = (at: number) => (at === file ? fileCell : at === label ? nameCell : String)
  const cells = rows.map((row) => row.map((cell, at) => asCell(at)(cell)))
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

const classIn = (row: readonly string[], { label }: Pick<LabelTable, 'label'>): string =>
  (row[label] ?? '').trim().normalize('NFC')

/** The rows that have a label. */
export function labelRows(table: LabelTable): LabelRow[] {
  return table.rows
    .map((row) => ({ file: row[table.file] ?? '', class: classIn(row, table) }))
    .filter((row) => row.class !== '')
}

/** Throws `labels-unknown-classes` with the line in which each of them occurs first. */
export function refuseUnknownClasses(table: DecodedLabels, path: string, classes: readonly string[]): void {
  const unknown = new Map<string, number>()
  table.rows.forEach((row, index) => {
    const name = classIn(row, table)
    if (name === '' || classes.includes(name) || unknown.has(name)) return
    unknown.set(name, table.lines[index] ?? 0)
  })
  if (unknown.size === 0) return
  throw labError('labels-unknown-classes', {
    file: path,
    count: unknown.size,
    names: firstNames([...unknown.keys()]),
    lines: firstNames([...unknown.values()].map(String)),
    known: [...classes],
  })
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
