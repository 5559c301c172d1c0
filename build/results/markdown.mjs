/** Tables and figures of docs/results.md. */

const row = (cells) => `| ${cells.join(' | ')} |`

/**
 * @param {string[]} head
 * @param {(string | number)[][]} rows
 */
export const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')

/** @param {number | null} value */
export const four = (value) => (value === null ? '–' : value.toFixed(4))
