/**
 * Tables of text (CSV, TSV): a row a sample, a column a pixel or feature, and a column of labels. Read as arrays: the
 * samples, `[n, d]` or as images `[n, h, w]` if the columns are named as pixels, and the labels.
 */
import { labError } from '../../contract/errors'
import { note } from '../../contract/note'
import { shortened } from '../../contract/shortened'
import { type ArrayFile, type DataArray, heldArrays } from '../arrays/array-file'
import { gunzip, isGzip, maxShown, readWhole, unpackedStart } from '../file'
import type { ReadingOptions } from '../reading'
import { cellFormatOf } from './cells'
import { columnsOf, readTable } from './columns'
import { askedOf, headerOf } from './names'
import { featuresOf, labelColumnOf, labelsOf, samplesOf } from './roles'
import { firstRows, type Separator, separatorOf } from './rows'
import { decodeText } from './text-encoding'

const maxColumns = 65_536
/** Longer texts are not held in memory. */
const maxTextBytes = 2 ** 28

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
  const format = cellFormatOf(text, file)
  const rows = firstRows(text, format.separator)
  const [first = []] = rows
  if (first.length > maxColumns) {
    throw labError('table-too-wide', { file, columns: first.length, most: maxColumns })
  }
  const isNumber = (cell: string) => !Number.isNaN(format.valueOf(cell))
  if (rows.length === 1 && !first.some(isNumber)) throw labError('table-empty', { file })
  const header = headerOf(rows, isNumber)
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
    ...heldArrays(arrays),
    roles: { samples: samples.name, labels: labels?.name },
    notes,
  }
}
