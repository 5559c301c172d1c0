/** Reads the values of a table, with what decides the role of each column: texts, missing values, whole numbers. */
import { labError } from '../../contract/errors'
import { isMissing, shortWhole, type CellFormat } from './cells'
import { Matrix } from './matrix'
import type { Asked } from './names'
import { eachRow } from './rows'

/** The different texts of a column, and which of them each row holds. */
class Labels {
  private readonly numbers = new Map<string, number>()
  readonly texts: string[] = []
  private numbersOfRows = new Uint32Array(1024)
  private count = 0
  /** Too many for a column that is not known to hold labels; the others are forgotten. */
  areMany = false

  constructor(private readonly most: number) {}

  put(text: string): void {
    if (this.areMany) return
    let number = this.numbers.get(text)
    if (number === undefined) {
      number = this.texts.length
      if (number === this.most) {
        this.areMany = true
        this.numbers.clear()
        return
      }
      this.numbers.set(text, number)
      this.texts.push(text)
    }
    if (this.count === this.numbersOfRows.length) {
      const longer = new Uint32Array(2 * this.count)
      longer.set(this.numbersOfRows)
      this.numbersOfRows = longer
    }
    this.numbersOfRows[this.count] = number
    this.count += 1
  }

  /** An index into `texts` for each row. */
  get rows(): Uint32Array {
    return this.numbersOfRows.subarray(0, this.count)
  }
}

export interface Column {
  readonly name: string
  /** The first cell that is no number, and the number of missing values with the first one's row. */
  text: { readonly row: number; readonly value: string } | null
  missing: number
  firstMissing: number
  isWhole: boolean
  least: number
  most: number
  readonly labels: Labels | null
}

export interface Table {
  readonly columns: readonly Column[]
  readonly matrix: Matrix
}

/** Labels of a column that is not known to hold them: as many as there may be classes. */
export const mostGuessed = 1000

export function columnsOf(names: readonly string[], { column: asked }: Asked): Column[] {
  return names.map((name, index): Column => {
    const mayBe = asked === null ? index === 0 || index === names.length - 1 : index === asked
    return {
      name,
      text: null,
      missing: 0,
      firstMissing: 0,
      isWhole: true,
      least: Infinity,
      most: -Infinity,
      labels: mayBe ? new Labels(asked === null ? mostGuessed : Infinity) : null,
    }
  })
}

/** Reads all values. Throws `table-row-length`, `table-quote-open`, `table-empty`. */
export function readTable(
  text: string,
  format: CellFormat,
  columns: readonly Column[],
  hasHeader: boolean,
  file: string,
): Table {
  const matrix = new Matrix(columns.length)
  let isFirst = true
  eachRow(text, format.separator, file, (cells, row) => {
    if (cells.length !== columns.length) {
      throw labError('table-row-length', { file, row, found: cells.length, expected: columns.length })
    }
    const isHeader = isFirst && hasHeader
    isFirst = false
    if (isHeader) return
    matrix.startRow()
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]
      if (column !== undefined) takeCell(column, i, cells[i] ?? '', row, matrix, format)
    }
  })
  if (matrix.rows === 0) throw labError('table-empty', { file })
  return { columns, matrix }
}

function takeCell(
  column: Column,
  index: number,
  given: string,
  row: number,
  matrix: Matrix,
  { valueOf }: CellFormat,
): void {
  // Most cells are numbers without spaces.
  const quick = column.labels === null ? shortWhole(given) : -1
  if (quick >= 0) {
    matrix.put(index, quick)
    if (quick < column.least) column.least = quick
    if (quick > column.most) column.most = quick
    return
  }
  const cell = given.trim()
  column.labels?.put(cell)
  const value = cell === '' ? NaN : valueOf(cell)
  if (!Number.isNaN(value)) {
    matrix.put(index, value)
    if (value < column.least) column.least = value
    if (value > column.most) column.most = value
    column.isWhole = column.isWhole && Number.isInteger(value)
  } else if (isMissing(cell)) {
    if (column.missing === 0) column.firstMissing = row
    column.missing += 1
  } else column.text ??= { row, value: cell }
}
