/**
 * Names of imported datasets. A name is also a file name on every system, a word on a command line and an item of a
 * comma-separated list. It may be in any script and contain brackets, quotes and other signs.
 */

/** In UTF-16 units. That is at most three times as many bytes in UTF-8, so file endings still fit into 255 bytes. */
export const maxNameLength = 60

/** Signs that Windows refuses or that are read as part of a path; a comma separates the names in a list. */
const signs = /[<>:"/\\|?*,]/u
/**
 * Controls, lone surrogates, line separators, and format characters (bidirectional ones reorder the text around them).
 */
const invisible = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u
/** Hidden files begin with a dot, options with a hyphen. */
const badStart = /^[\s.-]/u
/** Windows drops a space or dot at the end. */
const badEnd = /[\s.]$/u
/** Windows device names. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

export function isDatasetName(name: string): boolean {
  return (
    name !== '' &&
    name.length <= maxNameLength &&
    ![signs, invisible, badStart, badEnd, reserved].some((rule) => rule.test(name))
  )
}

/**
 * Some systems treat names that differ only in letter case as one file; names that differ only in Unicode form look
 * alike.
 */
export function isTaken(name: string, taken: readonly string[]): boolean {
  const folded = (text: string) => text.normalize('NFC').toLowerCase()
  return taken.some((other) => folded(other) === folded(name))
}

/**
 * A free name for a dataset imported from `path`: the file's name as far as the rules allow.
 * @param otherwise a valid name, used if nothing of the file's name is allowed
 * @param endings endings of files, without the dot, that are not part of the name
 */
export function proposedName(
  path: string,
  taken: readonly string[],
  otherwise: string,
  endings: readonly string[] = ['npz'],
): string {
  const parts = path.split(/[\\/]/).filter((part) => part !== '')
  const own = (parts[parts.length - 1] ?? '')
    .normalize('NFC')
    .replace(/\.([^.]*)$/, (all, ending: string) => (endings.includes(ending.toLowerCase()) ? '' : all))
  const allowed = Array.from(own, (sign) => (signs.test(sign) || invisible.test(sign) ? ' ' : sign)).join('')
  const plain = allowed.replace(/\s+/gu, ' ').replace(/^[\s.-]+/u, '')
  const name = cut(reserved.test(plain) ? `_${plain}` : plain, maxNameLength)
  return freeName(name === '' ? otherwise : name, taken)
}

/** `name`, or `name` followed by the first number that makes it free. */
function freeName(name: string, taken: readonly string[]): string {
  let free = name
  for (let number = 2; isTaken(free, taken); number++) {
    const ending = ` ${number}`
    free = cut(name, maxNameLength - ending.length) + ending
  }
  return free
}

/** Cuts between characters and removes spaces and dots at the end. */
function cut(name: string, most: number): string {
  let short = ''
  for (const sign of name) {
    if (short.length + sign.length > most) break
    short += sign
  }
  return short.replace(/[\s.]+$/u, '')
}
