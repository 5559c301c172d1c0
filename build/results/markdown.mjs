/** Tables and figures of docs/results.md. */

const row = (cells) => `| ${cells.join(' | ')} |`

/**
 * @param {string[]} head
 * @param {(string | number)[][]} rows
 */
export const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')

/** @param {number | null} value */
export const four = (value) => (value === null ? '–' : value.toFixed(4))

/** @param {import('../../src/statistics/spread.ts').Spread | null} spread */
export function spreadText(spread) {
  if (spread === null) return '–'
  const { mean, deviation } = spread
  return deviation === null ? four(mean) : `${four(mean)} ± ${four(deviation)}`
}
