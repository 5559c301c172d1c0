/** The table of formats in docs/data.md. */
import type { FormatSummary } from '../../contract/format'
import { markdownTable } from '../../contract/markdown-table'

const begin = '<!-- formats: `npm run -s docs:formats` -->'
const end = '<!-- end of formats -->'

function table(formats: readonly FormatSummary[]): string {
  const rows = formats.map(({ title, help, endings }) => [
    title.en,
    help.en,
    endings.map((ending) => `\`.${ending}\``).join(' '),
  ])
  return markdownTable(['format', 'what it holds', 'usual endings'], rows)
}

/** The page with the table of these formats between its two marks. */
export function withFormats(page: string, formats: readonly FormatSummary[]): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error('the page has no place for the formats')
  return `${page.slice(0, from)}${begin}\n\n${table(formats)}\n\n${page.slice(to)}`
}
