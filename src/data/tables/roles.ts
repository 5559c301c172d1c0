/** Which column holds the labels, which hold the samples, and both as arrays. */
import { labError } from '../../contract/errors'
import { type Note, note } from '../../contract/note'
import { shortened } from '../../contract/shortened'
import type { DataArray, NumberArray } from '../arrays/array-file'
import { maxShown } from '../file'
import { isMissing } from './cells'
import { type Column, mostGuessed, type Table } from './columns'
import { type Asked, gridOf, idNames, noColumn, optionsOf } from './names'

const isEmpty = ({ missing, text }: Column, rows: number): boolean => missing === rows && text === null

const hasNoNumber = (column: Column | undefined): boolean => column?.least === Infinity

/**
 * The label column. Without a name, it is the first or last column, if it is the only one of text or of whole numbers.
 * @throws `label-column-unclear`, `table-no-numbers`
 */
export function labelColumnOf(
  { columns, matrix }: Table,
  { column: asked }: Asked,
  file: string,
): number | null {
  if (asked === noColumn) return null
  if (asked !== null) return asked
  if (columns.every(hasNoNumber)) throw labError('table-no-numbers', { file })
  const own = columns.flatMap((column, index) =>
    isEmpty(column, matrix.rows) || idNames.test(column.name) ? [] : [index],
  )
  const texts = own.filter((index) => columns[index]?.text !== null)
  const wholes = own.filter((index) => columns[index]?.isWhole)
  const [only] = texts.length > 0 ? texts : wholes
  const column = only === undefined ? undefined : columns[only]
  const isOnly = (texts.length > 0 ? texts : wholes).length === 1
  const isClass =
    column?.labels?.areMany === false &&
    (column.text !== null || (column.least >= -1 && column.most < mostGuessed))
  if (only !== undefined && isOnly && isClass) return only
  throw labError('label-column-unclear', { file, options: optionsOf(columns.map(({ name }) => name)) })
}

export interface Features {
  readonly indices: readonly number[]
  readonly dropped: readonly string[]
}

/** Throws `table-no-numbers`, `table-text-cell`, `table-values-missing`. */
export function featuresOf(table: Table, label: number | null, hasNames: boolean, file: string): Features {
  const { columns, matrix } = table
  const others = columns.map((_, index) => index).filter((index) => index !== label)
  const isDropped = (index: number) => {
    const column = columns[index]
    // A separator at the end of each line makes an empty column.
    if (column === undefined || (isEmpty(column, matrix.rows) && index === columns.length - 1)) return true
    return hasNames && idNames.test(column.name)
  }
  const indices = others.filter((index) => !isDropped(index))
  const dropped = others.filter(isDropped).map((index) => columns[index]?.name || String(index + 1))
  if (indices.every((index) => hasNoNumber(columns[index]))) throw labError('table-no-numbers', { file })
  for (const index of indices) {
    const { text, name } = columns[index] ?? {}
    if (!text) continue
    const shown = { column: shortened(name ?? '', maxShown), value: shortened(text.value, maxShown) }
    throw labError('table-text-cell', { file, row: text.row, ...shown })
  }
  const missing = columns.filter((column, index) => column.missing > 0 && indices.includes(index))
  const [first] = [...missing].sort((one, other) => one.firstMissing - other.firstMissing)
  if (first !== undefined) {
    const count = missing.reduce((sum, column) => sum + column.missing, 0)
    const column = shortened(first.name, maxShown)
    throw labError('table-values-missing', { file, count, row: first.firstMissing, column })
  }
  return { indices, dropped }
}

const samplesName = { images: 'images', vectors: 'features', any: 'data' }

export function samplesOf(
  { columns, matrix }: Table,
  { indices }: Features,
  file: string,
): { array: NumberArray; notes: Note[] } {
  const values = matrix.take(indices, file)
  const type = values instanceof Uint8Array ? 'uint8' : 'float32'
  const grid = gridOf(indices.map((index) => columns[index]?.name ?? ''))
  const [rows, length] = [matrix.rows, indices.length]
  if (grid === null || grid === 'flat') {
    // Bytes of a square number may be pixels, which is then asked for.
    const name =
      grid === 'flat' ? samplesName.images : type === 'uint8' ? samplesName.any : samplesName.vectors
    return { array: { name, type, shape: [rows, length], values }, notes: [] }
  }
  const { height, width } = grid
  return {
    array: { name: samplesName.images, type, shape: [rows, height, width], values },
    notes: [note('pixel-columns', { columns: length, height, width })],
  }
}

/** Numbers if all labels are, and texts otherwise. */
export function labelsOf(
  { name: own, labels }: Column,
  taken: string,
  valueOf: (cell: string) => number,
): DataArray {
  const { texts, rows } = labels ?? { texts: [], rows: new Uint32Array(0) }
  const name = own === taken ? 'labels' : own
  const shape = [rows.length]
  const numbers = texts.map((text) => (isMissing(text) ? NaN : valueOf(text)))
  const areNumbers = texts.every((text, i) => isMissing(text) || !Number.isNaN(numbers[i]))
  if (areNumbers) {
    const values = new Float64Array(rows.length)
    for (let i = 0; i < rows.length; i++) values[i] = numbers[rows[i] ?? 0] ?? NaN
    return { name, type: 'float64', shape, values }
  }
  // NA may be the name of a class, and an empty cell may not.
  const known = texts.map((text) => (text === 'NaN' || text === 'nan' ? '' : text))
  return { name, type: 'text', shape, texts: Array.from(rows, (row) => known[row] ?? '') }
}
