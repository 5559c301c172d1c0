/**
 * Texts without what tells of a person or a machine: paths, the user's name and the machine's. What is doubtful is taken
 * out: a line loses the rest of itself rather than keeping half of a path that has spaces in it.
 */

export interface Machine {
  /** Folders, each with the word that stands for it; what lies below stays only where it is the lab's own. */
  readonly folders: readonly Folder[]
  readonly users: readonly string[]
  readonly hosts: readonly string[]
  /** Paths that datasets were read from, as they were written. */
  readonly datasets: readonly string[]
}

interface Folder {
  readonly path: string
  readonly word: string
  readonly isOurs: boolean
}

export interface Redaction {
  text(text: string): string
  /** Its texts, wherever they stand; names of settings stay. */
  json(value: unknown): unknown
}

/** As it is, as JSON and V8 write it, as an address. */
const spellings = (path: string): string[] => [
  path,
  JSON.stringify(path).slice(1, -1),
  path.replace(/\\/g, '/'),
  encodeURI(path),
]

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

type Replacement = readonly [pattern: RegExp, by: string]

/**
 * A path from where it begins: in quotes to the quote that ends it, else to the end of the line, but for the numbers of
 * line and column that V8 adds. A name may have an apostrophe, a bracket or spaces in it.
 */
function wholePath(beginning: string, word: string): Replacement[] {
  const quoted = String.raw`(["'\u0060])(?:${beginning})[^\n]*?\1(?![\p{L}\p{N}])`
  const plain = String.raw`(?:${beginning})[^\n]*?(?=(?::\d+)*\)?$)`
  return [
    [new RegExp(quoted, 'gimu'), `$1${word}$1`],
    [new RegExp(plain, 'gimu'), word],
  ]
}

/** No slash of a fraction, of an address or after a word that stands for a folder. */
const absolute = String.raw`(?<![\p{L}\p{N}.>/\\-])(?:/(?=[^\s/])|[A-Za-z]:[\\/]|\\\\(?=[^\s\\])|file:/)`

/** A whole word, in any script. */
const wordPattern = (word: string): RegExp =>
  new RegExp(String.raw`(?<![\p{L}\p{N}])${escaped(word)}(?![\p{L}\p{N}])`, 'giu')

export function createRedaction({ folders, users, hosts, datasets }: Machine): Redaction {
  const named = [
    ...datasets.map((path) => ({ path, word: '<dataset>', isOurs: false })),
    // A root would stand for every path.
    ...folders.filter(({ path }) => path.length > 1),
  ].map((folder) => ({ ...folder, path: folder.path.normalize('NFC') }))
  // A folder may lie in another one.
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
