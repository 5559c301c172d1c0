/**
 * Spreadsheets run a cell as a formula if it begins with one of these signs, quoted or not. `./` before the name of a
 * file keeps it a path to the same file, so that programs find it, and is text for a spreadsheet.
 */
const formula = /^[=+\-@\t\r]/

/** The name of a file as a cell that no spreadsheet runs. */
export const cellOfFile = (name: string): string => (formula.test(name) ? `./${name}` : name)

/** The inverse of `cellOfFile`. */
export const fileOfCell = (text: string): string =>
  text.startsWith('./') && formula.test(text.slice(2)) ? text.slice(2) : text
