/** Files that the program is asked to open: by a double-click, from a terminal, or by a second start. */
import { resolve } from 'path'
import { fileURLToPath } from 'url'

export interface Openings {
  /** Adds absolute paths, to be opened in this order. */
  add(paths: readonly string[]): void
  /** Calls `open` for each path added so far, and for each one added later. */
  pass(open: (path: string) => void): void
}

/** Keeps the paths until a window can open them. */
export function createOpenings(): Openings {
  let waiting: string[] = []
  let open: ((path: string) => void) | null = null
  return {
    add(paths) {
      if (open === null) waiting = [...waiting, ...paths]
      else paths.forEach(open)
    },
    pass(to) {
      open = to
      waiting.forEach(to)
      waiting = []
    },
  }
}

/**
 * The files on a command line: all arguments except the program, its own folder and options. After `--` no argument is
 * an option.
 * @param folder the working directory, to which relative names refer
 * @param ownFolder the program's folder, an argument when run from a checkout
 */
export function filesIn(argv: readonly string[], folder: string, ownFolder: string): string[] {
  const given = argv.slice(1)
  const end = given.indexOf('--')
  const before = end === -1 ? given : given.slice(0, end)
  const after = end === -1 ? [] : given.slice(end + 1)
  return [...before.filter((word) => !word.startsWith('-')), ...after]
    .filter((word) => word !== '')
    .map((word) => pathOf(word, folder))
    .filter((path) => path !== ownFolder)
}

/** A URL that is not a local file is returned unchanged, so that the lab reports it as missing. */
function pathOf(word: string, folder: string): string {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(word) && !/^file:/i.test(word)) return resolve(folder, word)
  try {
    return fileURLToPath(word)
  } catch {
    return word
  }
}
