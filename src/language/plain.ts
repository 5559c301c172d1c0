/**
 * Text from files without the characters that a terminal obeys (C0 and C1: a title, the cursor, a cleared screen) and
 * without those that change the order in which letters are shown (Unicode TR 36, 3.3). In their place stands U+FFFD, so
 * that a reader sees that something was there.
 */

const lineBreaks = '\t\n'
/** C0 but tabulator and new line; DEL and C1; marks of direction, embeddings, overrides and isolates; other line ends. */
const controls =
  '\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\u206a-\u206f'

const inText = new RegExp(`[${controls}]`, 'g')
const inLine = new RegExp(`[${lineBreaks}${controls}]`, 'g')

/** What may be written to a terminal: lines of plain text. */
export function plainText(text: string): string {
  return text.replace(inText, '\ufffd')
}

/** A name or another value, which must not begin a line of its own. */
export function plainLine(text: string): string {
  return text.replace(inLine, '\ufffd')
}

/** JSON text, in which these characters can only stand within strings: escaped, so that its readers get them back. */
export function plainJson(json: string): string {
  return json.replace(inText, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
