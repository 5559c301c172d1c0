/** Unicode can compose a letter in two ways, and a user may type either. */

/** The one of the `known` names that is `name`, however its letters are composed; `name` itself if none is. */
export function knownName(name: string, known: readonly string[]): string {
  return [name, name.normalize('NFC')].find((form) => known.includes(form)) ?? name
}
