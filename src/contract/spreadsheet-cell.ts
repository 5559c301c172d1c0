/**
 * Names in a CSV that may be opened in a spreadsheet, which runs a cell as a formula if it begins with one of these signs,
 * quoted or not. An apostrophe before the name makes it text (OWASP, "CSV Injection"); numbers stay as they are. A name that
 * already looks so gets one more, so that reading gives each name back.
 */
const formula = /^'*[=+\-@\t\r]/
const number = /^[+-](\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

const isRun = (name: string): boolean => formula.test(name) && !number.test(name)

export const nameCell = (name: string): string => (isRun(name) ? `'${name}` : name)

/** The inverse of `nameCell`. */
export const nameInCell = (cell: string): string =>
  cell.startsWith("'") && isRun(cell.slice(1)) ? cell.slice(1) : cell
