/** Values as Python source. Text of a user cannot end its literal, and cannot change how the lines around it look. */

/**
 * Characters that show nothing or turn the direction of writing, and halves of surrogate pairs. JSON leaves them as they
 * are, but an editor would show other code than Python reads.
 */
const unseen = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g

/** A string literal. JSON's escapes mean the same in Python. */
export function pythonString(text: string): string {
  return JSON.stringify(text).replace(
    unseen,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A list of strings, an item a line. */
export function pythonList(texts: readonly string[]): string {
  return ['[', ...texts.map((text) => `    ${pythonString(text)},`), ']'].join('\n')
}
