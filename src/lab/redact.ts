/**
 * Removes from texts what identifies a person or a machine: paths, user names and host names. In doubt, more is
 * removed: the rest of a line is dropped rather than keeping half of a path that contains spaces.
 */

export interface Machine {
  /**
   * Folders, each with the word that replaces it; the path below a folder is kept only if the folder is the lab's own.
   */
  readonly folders: readonly Folder[]
  readonly users: readonly string[]
  readonly hosts: readonly string[]
  /** Paths of datasets, as the user wrote them. */
  readonly datasets: readonly string[]
}

interface Folder {
  readonly path: string
  readonly word: string
  readonly isOurs: boolean
}

export interface Redaction {
  text(text: string): string
  /** Redacts every string in a JSON value; the keys are kept. */
  json(value: unknown): unknown
}

/** The path as it is, as JSON and V8 write it, and as a URL. */
const spellings = (path: string): string[] => [
  path,
  JSON.stringify(path).slice(1, -1),
  path.replace(/\\/g, '/'),
  encodeURI(path),
]

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

type Replacement = readonly [pattern: RegExp, by: string]

/**
 * A path from its beginning: a quoted one ends at the closing quote; any other ends with the line, except for the line
 * and column numbers that V8 appends. A name may contain an apostrophe, a bracket or spaces.
 */
function wholePath(beginning: string, word: string): Replacement[] {
  const quoted = String.raw`(["'\u0060])(?:${beginning})[^\n]*?\1(?![\p{L}\p{N}])`
  const plain = String.raw`(?:${beginning})[^\n]*?(?=(?::\d+)*\)?$)`
  return [
    [new RegExp(quoted, 'gimu'), `$1${word}$1`],
    [new RegExp(plain, 'gimu'), word],
  ]
}

/** Excludes a slash in a fraction, in a URL, or after a word that replaces a folder. */
const absolute = String.raw`(?<![\p{L}\p{N}.>/\\-])(?:/(?=[^\s/])|[A-Za-z]:[\\/]|\\\\(?=[^\s\\])|file:/)`

/** A whole word, in any script. */
const wordPattern = (word: string): RegExp =>
  new RegExp(String.raw`(?<![\p{L}\p{N}])${escaped(word)}(?![\p{L}\p{N}])`, 'giu')

export function createRedaction({ folders, users, hosts, datasets }: Machine): Redaction {
  const named = [
    ...datasets.map((path) => ({ path, word: '<dataset>', isOurs: false })),
    // A root folder would match every path.
    ...folders.filter(({ path }) => path.length > 1),
  ].map((folder) => ({ ...folder, path: folder.path.normalize('NFC') }))
  // Longest first: a folder may be inside another one.
  const byLength = named.sort((a, b) => b.path.length - a.path.length)
  const paths = byLength.flatMap(({ path, word, isOurs }): Replacement[] => {
    const spelt = [...new Set(spellings(path))].map(escaped).join('|')
    const beginning = `(?:${spelt})(?![\\p{L}\\p{N}_-])`
    return isOurs ? [[new RegExp(beginning, 'giu'), word]] : wholePath(beginning, word)
  })
  const words = [
    ...users.filter(Boolean).map((user): Replacement => [wordPattern(user), '<user>']),
    ...hosts.filter(Boolean).map((host): Replacement => [wordPattern(host), '<host>']),
  ]
  const replacements = [...paths, ...wholePath(absolute, '<path>'), ...words]

  const text = (given: string): string =>
    replacements.reduce((left, [pattern, by]) => left.replace(pattern, by), given.normalize('NFC'))
  function json(value: unknown): unknown {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(json)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, json(member)]))
  }
  return { text, json }
}
