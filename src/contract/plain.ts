/**
 * Replaces characters in text from files that control a terminal (C0 and C1: its title, the cursor, clearing the
 * screen) and those that change the display order of letters (Unicode TR 36, 3.3). Each becomes U+FFFD, which shows
 * the reader that something was removed.
 */

const lineBreaks = '\t\n'
/** C0 except tab and newline; DEL and C1; directional marks, embeddings, overrides and isolates; other line ends. */
const controls =
  '\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\u206a-\u206f'

const inText = new RegExp(`[${controls}]`, 'g')
const inLine = new RegExp(`[${lineBreaks}${controls}]`, 'g')

/** Text that is safe to write to a terminal; it may have several lines. */
export function plainText(text: string): string {
  return text.replace(inText, '\ufffd')
}

/** A name or another value, which must stay on one line. */
export function plainLine(text: string): string {
  return text.replace(inLine, '\ufffd')
}

/** JSON text with these characters, which occur only within strings, escaped, so that a parser restores them. */
export function plainJson(json: string): string {
  return json.replace(inText, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
