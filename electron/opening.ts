/** Files that the program is asked to open: by a double-click, from a terminal, by a second start of it. */
import { resolve } from 'path'
import { fileURLToPath } from 'url'

export interface Openings {
  /** Absolute paths, to be opened in this order. */
  add(paths: readonly string[]): void
  /** What was added so far, then whatever is added from now on, goes to `open`. */
  pass(open: (path: string) => void): void
}

/** Keeps what is asked for until there is a window that can show it. */
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
 * The files that a command line names: everything but the program, its own folder and options. After `--`
 * nothing is an option.
 * @param folder where the command was given; relative names are meant from there
 * @param ownFolder the program's folder, which stands on the command line in a checkout
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

/** An address that names no file of this machine stays as it is: the lab then says that there is no such file. */
function pathOf(word: string, folder: string): string {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(word) && !/^file:/i.test(word)) return resolve(folder, word)
  try {
    return fileURLToPath(word)
  } catch {
    return word
  }
}
