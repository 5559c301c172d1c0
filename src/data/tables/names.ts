/** What the names of columns say: which holds the labels, which the pixels of images, which only the rows' names. */
import { labError } from '../../contract/errors'
import { shortened } from '../../contract/shortened'
import { maxShown } from '../file'
import { isMissing } from './cells'

const labelNames = /^(labels?|class(es)?|targets?|y|category|categories|标签|类别|类|目标)$/i
/** Columns that count or name the rows. pandas writes the first two for an index. */
export const idNames =
  /^(|unnamed: ?0|ids?|idx|index|row_?(id)?|(sample|image|img)_?id|uid|uuid|(file|image|img)_?(name|path)s?|file|path|编号|序号|索引|文件名)$/i
/** An answer to which column holds the labels. */
export const noColumn = 'none'

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
export function headerOf(rows: readonly (readonly string[])[], isNumber: (cell: string) => boolean): Header {
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

/** Which columns may hold labels, before the values are seen. */
export interface Asked {
  /** Null: the first or the last may. */
  readonly column: number | typeof noColumn | null
}

/** Throws `label-column-unclear`, `label-column-unknown`. */
export function askedOf(names: readonly string[], choice: string | null, file: string): Asked {
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
export function optionsOf(names: readonly string[]): string[] {
  const most = 20
  const shown = names.length <= most ? names : [...names.slice(0, 3), ...names.slice(-3)]
  return [...shown.map((name) => shortened(name, maxShown)), noColumn]
}

interface Grid {
  readonly height: number
  readonly width: number
}

/** The size of the images whose pixels the columns are by their names; `flat` for those of an unknown size. */
export function gridOf(names: readonly string[]): Grid | 'flat' | null {
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
