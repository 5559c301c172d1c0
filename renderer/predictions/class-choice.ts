/** The classes offered for labelling: those whose name has the searched text, the first nine with a digit. */

/** Classes with a digit. */
export const withDigit = 9

/** Names that begin with the text come first; both parts keep the order of the classes. */
export function searchedClasses(classes: readonly string[], text: string): readonly string[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return classes
  const found = classes.filter((name) => name.toLowerCase().includes(wanted))
  const begins = (name: string) => name.toLowerCase().startsWith(wanted)
  return [...found.filter(begins), ...found.filter((name) => !begins(name))]
}
