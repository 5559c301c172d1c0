/** Tables as plain aligned columns without borders, so that they are easy to read, copy and process. */
import Table from 'cli-table3'
import { plainLine } from '../contract/plain'

const noFrame = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

export type Cell = string | number

/**
 * Numbers are right-aligned, words left-aligned; wide (Chinese) characters count as two columns. Control characters in
 * names from files are replaced before widths are measured.
 */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const drawn = new Table({
    head: head.map(plainLine),
    chars: noFrame,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: head.map((_, column) => (rows.every((row) => isFigure(row[column])) ? 'right' : 'left')),
  })
  for (const row of rows) drawn.push(row.map((cell) => plainLine(String(cell))))
  return lines(drawn.toString())
}

/** Two columns without a head: names and values. */
export function pairs(rows: readonly (readonly [string, Cell])[]): string {
  const drawn = new Table({
    chars: noFrame,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  for (const [name, value] of rows) drawn.push([name, plainLine(String(value))])
  return lines(drawn.toString())
}

function isFigure(cell: Cell | undefined): boolean {
  return typeof cell === 'number' || /^-?(\d[\d.,]*( .?B)?)?$/.test(cell ?? '')
}

function lines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
