/** What the text of a cell means: a number, a missing value, or a text. */
import { labError } from '../../contract/errors'
import { shortened } from '../../contract/shortened'
import { maxShown } from '../file'
import { firstRows, isCommaNumber, isPlainNumber, type Separator, separatorOf } from './rows'

/** Written by pandas, R, Weka and spreadsheets. */
const missingWords = ['', 'NaN', 'nan', 'NA', 'N/A', 'n/a', 'null', 'NULL', '?']
export const isMissing = (cell: string): boolean => cell.length <= 4 && missingWords.includes(cell)

/** A whole number of one to three digits, as pixels are; -1 for anything else. */
export function shortWhole(cell: string): number {
  const { length } = cell
  if (length === 0 || length > 3) return -1
  let value = 0
  for (let i = 0; i < length; i++) {
    const digit = cell.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

/** A number, or NaN for a text. `Number` alone reads the empty text and `0x10` too. */
function plainValue(cell: string): number {
  const value = Number(cell)
  return Number.isFinite(value) && isPlainNumber(cell) ? value : NaN
}

const commaValue = (cell: string): number =>
  isCommaNumber(cell) ? Number(cell.replace(',', '.')) : plainValue(cell)

export interface CellFormat {
  readonly separator: Separator
  readonly valueOf: (cell: string) => number
  readonly hasCommas: boolean
}

/** Throws `table-one-column`, `decimal-comma-unclear`. */
export function cellFormatOf(text: string, file: string): CellFormat {
  const found = separatorOf(text)
  if (found === null) throw labError('table-one-column', { file })
  const { separator } = found
  if (separator === ',') return { separator, valueOf: plainValue, hasCommas: false }
  const rows = firstRows(text, separator)
  const commas = rows.flatMap((cells, row) =>
    cells.flatMap((value, column) => (isCommaNumber(value) ? [{ value, row, column }] : [])),
  )
  const [first] = commas
  if (first === undefined) return { separator, valueOf: plainValue, hasCommas: false }
  const hasPoints = rows.some((cells) => cells.some((cell) => isPlainNumber(cell) && cell.includes('.')))
  // `1,234` may be a thousand; `0,5` and `1,23` may not.
  const isDecimal = commas.some(({ value }) => !/^[+-]?[1-9]\d{0,2},\d{3}$/.test(value))
  if (hasPoints || !isDecimal) {
    const column = rows[0]?.[first.column] ?? ''
    const name = first.row > 0 && !isCommaNumber(column) ? column : String(first.column + 1)
    throw labError('decimal-comma-unclear', {
      file,
      row: first.row + 1,
      column: shortened(name, maxShown),
      value: shortened(first.value, maxShown),
    })
  }
  return { separator, valueOf: commaValue, hasCommas: true }
}
