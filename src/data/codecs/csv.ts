/**
 * Tables of text (CSV, TSV): a row a sample, a column a pixel or feature, and a column of labels. Read as arrays: the
 * samples, `[n, d]` or as images `[n, h, w]` if the columns are named as pixels, and the labels.
 */
import { labError } from '../../contract/errors'
import { note, type Note } from '../../contract/note'
import { shortened } from '../../contract/shortened'
import type { ArrayFile, DataArray, NumberArray } from '../arrays/array-file'
import { maxBytes } from '../dataset'
import { gunzip, isGzip, maxShown, readWhole, tooLarge, unpackedStart } from '../file'
import type { ReadingOptions } from '../reading'
import { eachRow, firstRows, isCommaNumber, isPlainNumber, type Separator, separatorOf } from './table-rows'
import { decodeText } from './text-encoding'

const maxColumns = 65_536
/** Longer texts are no tables of which one is held in memory. */
const maxTextBytes = 2 ** 28

const labelNames = /^(labels?|class(es)?|targets?|y|category|categories|标签|类别|类|目标)$/i
/** Columns that count or name the rows. pandas writes the first two for an index. */
const idNames =
  /^(|unnamed: ?0|ids?|idx|index|row_?(id)?|(sample|image|img)_?id|uid|uuid|(file|image|img)_?(name|path)s?|file|path|编号|序号|索引|文件名)$/i
/** Written by pandas, R, Weka and spreadsheets. */
const missingWords = ['', 'NaN', 'nan', 'NA', 'N/A', 'n/a', 'null', 'NULL', '?']
/** An answer to which column holds the labels. */
export const noColumn = 'none'

const isMissing = (cell: string): boolean => cell.length <= 4 && missingWords.includes(cell)

interface Header {
  readonly names: readonly string[]
  /** Null: there is none. */
  readonly kind: 'names' | 'numbers' | null
}

/** Columns counted from 0 or 1, as pandas writes them for an array without names. */
function countsColumns(cells: readonly string[]): boolean {
  const first = Number(cells[0])
  const least = 8
  return (
    cells.length >= least &&
    (first === 0 || first === 1) &&
    cells.every((cell, i) => cell === String(first + i))
  )
}

/** Whether the first row names the columns: a text above numbers, and no fraction beside it. */
function headerOf(rows: readonly (readonly string[])[], isNumber: (cell: string) => boolean): Header {
  const [first = [], ...rest] = rows
  const numbered = first.map((_, i) => String(i + 1))
  if (countsColumns(first)) return { names: first, kind: 'numbers' }
  const hasFraction = first.some((cell) => isNumber(cell) && /[.,e]/i.test(cell))
  const isName = first.map((cell, column) => {
    const below = rest.map((row) => row[column] ?? '').filter((text) => !isMissing(text))
    return !isMissing(cell) && !isNumber(cell) && 2 * below.filter(isNumber).length > below.length
  })
  const isHeader = !hasFraction && isName.some(Boolean)
  return isHeader ? { names: first, kind: 'names' } : { names: numbered, kind: null }
}

/** All numbers of a table, row after row: as bytes as long as they are, and as floats from there on. */
class Matrix {
  private readonly blocks: (Uint8Array | Float32Array)[] = []
  private readonly blockRows: number
  private row = -1
  /** The block of the present row, and where the row starts in it. */
  private block: Uint8Array | Float32Array = new Uint8Array(0)
  private start = 0

  constructor(private readonly columns: number) {
    this.blockRows = Math.max(1, Math.floor(2 ** 20 / columns))
  }

  startRow(): void {
    this.row += 1
    this.start = (this.row % this.blockRows) * this.columns
    if (this.start > 0) return
    this.block = new Uint8Array(this.blockRows * this.columns)
    this.blocks.push(this.block)
  }

  put(column: number, value: number): void {
    if (this.block instanceof Uint8Array && this.block[this.start + column] !== value) {
      this.block[this.start + column] = value
      if (this.block[this.start + column] === value) return
      this.block[this.start + column] = 0
      this.block = Float32Array.from(this.block)
      this.blocks[this.blocks.length - 1] = this.block
    }
    this.block[this.start + column] = value
  }

  get rows(): number {
    return this.row + 1
  }

  /** `[rows, columns.length]`, as bytes if all blocks are. Blocks are released one after another. */
  take(columns: readonly number[], file: string): Uint8Array | Float32Array {
    const areBytes = this.blocks.every((block) => block instanceof Uint8Array)
    const length = this.rows * columns.length
    if (length * (areBytes ? 1 : 4) > maxBytes) throw tooLarge(file, length * 4)
    const values = areBytes ? new Uint8Array(length) : new Float32Array(length)
    let to = 0
    for (let row = 0; row < this.rows; row++) {
      const block = this.blocks[Math.floor(row / this.blockRows)]
      const start = (row % this.blockRows) * this.columns
      for (const column of columns) values[to++] = block?.[start + column] ?? 0
    }
    return values
  }
}

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

interface Column {
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

interface Table {
  readonly columns: readonly Column[]
  readonly matrix: Matrix
}

/** A whole number of one to three digits, as pixels are; -1 for anything else. */
function shortWhole(cell: string): number {
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

interface Format {
  readonly separator: Separator
  readonly valueOf: (cell: string) => number
  readonly hasCommas: boolean
}

/** Throws `table-one-column`, `decimal-comma-unclear`. */
function formatOf(text: string, file: string): Format {
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

/** Which columns may hold labels, before the values are seen. */
interface Asked {
  /** Null: the first or the last may. */
  readonly column: number | typeof noColumn | null
}

/** Throws `label-column-unclear`, `label-column-unknown`. */
function askedOf(names: readonly string[], choice: string | null, file: string): Asked {
  if (choice !== null) {
    const column = [
      names.indexOf(choice),
      names.findIndex((name) => name.toLowerCase() === choice.toLowerCase()),
    ]
    const found = column.find((index) => index >= 0)
    if (found !== undefined) return { column: found }
    if (choice.toLowerCase() === noColumn) return { column: noColumn }
    const options = optionsOf(names)
    throw labError('label-column-unknown', { file, column: shortened(choice, maxShown), options })
  }
  const named = names.flatMap((name, column) => (labelNames.test(name) ? [column] : []))
  if (named.length > 1) {
    throw labError('label-column-unclear', {
      file,
      options: [...named.map((column) => names[column] ?? ''), noColumn],
    })
  }
  return { column: named[0] ?? null }
}

/** Of many columns, the first and the last ones. */
function optionsOf(names: readonly string[]): string[] {
  const most = 20
  const shown = names.length <= most ? names : [...names.slice(0, 3), ...names.slice(-3)]
  return [...shown.map((name) => shortened(name, maxShown)), noColumn]
}

/** Labels of a column that is not known to hold them: as many as there may be classes. */
const mostGuessed = 1000

function columnsOf(names: readonly string[], { column: asked }: Asked): Column[] {
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
function readTable(
  text: string,
  format: Format,
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
  { valueOf }: Format,
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

const isEmpty = ({ missing, text }: Column, rows: number): boolean => missing === rows && text === null

const hasNoNumber = (column: Column | undefined): boolean => column?.least === Infinity

/**
 * The label column. Without a name, it is the first or last column, if it is the only one of text or of whole numbers.
 * @throws `label-column-unclear`, `table-no-numbers`
 */
function labelColumnOf({ columns, matrix }: Table, { column: asked }: Asked, file: string): number | null {
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

interface Features {
  readonly indices: readonly number[]
  readonly dropped: readonly string[]
}

/** Throws `table-no-numbers`, `table-text-cell`, `table-values-missing`. */
function featuresOf(table: Table, label: number | null, hasNames: boolean, file: string): Features {
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

interface Grid {
  readonly height: number
  readonly width: number
}

/** The size of the images whose pixels the columns are by their names; `flat` for those of an unknown size. */
function gridOf(names: readonly string[]): Grid | 'flat' | null {
  const last = /^(\d{1,4})x(\d{1,4})$/i.exec(names[names.length - 1] ?? '')
  if (last !== null) {
    const [height, width] = [Number(last[1]), Number(last[2])]
    const isGrid = names.every(
      (name, i) => name.toLowerCase() === `${Math.floor(i / width) + 1}x${(i % width) + 1}`,
    )
    if (isGrid && height * width === names.length) return { height, width }
  }
  const numbers = names.map((name) => /^(?:pixels?|pix|px)[ _.-]?(\d{1,6})$/i.exec(name)?.[1])
  const first = Number(numbers[0])
  if ((first !== 0 && first !== 1) || numbers.some((text, i) => Number(text) !== first + i)) return null
  const side = Math.sqrt(names.length)
  return Number.isInteger(side) ? { height: side, width: side } : 'flat'
}

const samplesName = { images: 'images', vectors: 'features', any: 'data' }

function samplesOf(
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
function labelsOf(
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

function separatorName(separator: Separator): string {
  return separator === '\t' ? 'tab' : separator
}

const tableEnding = /\.(csv|tsv|tab)(\.gz)?$/i

/** The whole lines of text at the start of a file; null if it is no text. */
function firstLines(head: Buffer): string | null {
  const bytes = isGzip(head) ? unpackedStart(head) : head
  const end = bytes.lastIndexOf(0x0a)
  try {
    const { text } = decodeText(end < 0 ? bytes : bytes.subarray(0, end + 1), '')
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}

/** Whether a file is a table by its start. Without the ending of one, more than half of its values must be numbers. */
export function isTable(path: string, head: Buffer): boolean {
  const text = firstLines(head)
  if (text === null || text.trim() === '') return false
  if (tableEnding.test(path)) return true
  const found = separatorOf(text)
  const least = 3
  return found !== null && found.isEven && found.numbers > 0.5 && text.split('\n').length > least
}

/**
 * A table as arrays of samples and labels.
 * @throws the errors of tables above, `text-encoding-unknown`, `dataset-too-large`
 */
export async function openCsv(file: string, { choices, reading }: ReadingOptions): Promise<ArrayFile> {
  reading?.(file)
  const packed = await readWhole(file)
  const bytes = isGzip(packed) ? await gunzip(packed, file) : packed
  if (bytes.length > maxTextBytes) throw tooLargeText(file, bytes.length)
  return decodeCsv(bytes, file, choices.labelColumn)
}

const tooLargeText = (file: string, bytes: number) =>
  labError('file-too-large', {
    file,
    megabytes: Math.floor(bytes / 2 ** 20),
    most: maxTextBytes / 2 ** 20,
  })

/** @param choice name of the label column, `none`, or null if it is to be found */
export function decodeCsv(bytes: Buffer, file: string, choice: string | null): ArrayFile {
  const { text, encoding } = decodeText(bytes, file)
  const format = formatOf(text, file)
  const rows = firstRows(text, format.separator)
  const [first = []] = rows
  if (first.length > maxColumns) {
    throw labError('table-too-wide', { file, columns: first.length, most: maxColumns })
  }
  const header = headerOf(rows, (cell) => !Number.isNaN(format.valueOf(cell)))
  const asked = askedOf(header.names, choice, file)
  const table = readTable(text, format, columnsOf(header.names, asked), header.kind !== null, file)
  const label = labelColumnOf(table, asked, file)
  const features = featuresOf(table, label, header.kind === 'names', file)
  const { array: samples, notes: said } = samplesOf(table, features, file)
  const column = label === null ? undefined : table.columns[label]
  const labels = column === undefined ? null : labelsOf(column, samples.name, format.valueOf)
  const notes = [
    ...(encoding === null ? [] : [note('text-decoded', { encoding })]),
    ...(format.hasCommas ? [note('decimal-comma', { separator: separatorName(format.separator) })] : []),
    ...(header.kind === null ? [note('header-none', { columns: header.names.length })] : []),
    ...(header.kind === 'numbers' ? [note('header-numbered', { columns: header.names.length })] : []),
    ...(column === undefined
      ? []
      : [note('label-column-taken', { column: shortened(column.name, maxShown) })]),
    ...(features.dropped.length === 0
      ? []
      : [note('columns-dropped', { count: features.dropped.length, names: features.dropped })]),
    ...said,
  ]
  const arrays: DataArray[] = labels === null ? [samples] : [samples, labels]
  return {
    file,
    entries: arrays.map(({ name, type, shape }) => ({ name, type, shape })),
    roles: { samples: samples.name, labels: labels?.name },
    notes,
    read: async (name) => {
      const found = arrays.find((array) => array.name === name)
      if (found === undefined) throw new Error(`no array ${name}`)
      return found
    },
  }
}
