/**
 * Names of files in a CSV that may be opened in a spreadsheet. Spreadsheets run a cell as a formula if it begins with one
 * of these signs, quoted or not. `./` before the name keeps it a path to the same file, so that programs find it, and is
 * text for a spreadsheet.
 */
const formula = /^[=+\-@\t\r]/

export const fileCell = (name: string): string => (formula.test(name) ? `./${name}` : name)

/** The inverse of `fileCell`. */
export const fileInCell = (cell: string): string =>
  cell.startsWith('./') && formula.test(cell.slice(2)) ? cell.slice(2) : cell
