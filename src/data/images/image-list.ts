/**
 * Image lists, as used by TLLib and many published splits: a text file with a path and a label on each line. Paths start
 * from the folder of the list or the one above it, or from a folder that the user names. Without labels on any line no
 * class is known.
 */
import { promises as fs } from 'fs'
import { basename, dirname, relative, resolve, sep } from 'path'
import { labError } from '../../contract/errors'
import { type Note, note } from '../../contract/note'
import { shortened } from '../../contract/shortened'
import { exists } from '../../files/exists'
import { readBounded } from '../../files/read'
import type { ReadingOptions } from '../reading'
import type { ArrangedFile, Arrangement } from './arrangement'
import { compareNames, maxFiles } from './folder-tree'

interface Line {
  readonly path: string
  /** Null: none is given. */
  readonly label: string | null
}

/** A path and, after white space, a comma or a tab, a label. */
const labelled = /^(.+\.(?:jpe?g|png|bmp|gif|webp|tiff?|avif|p[gpn]m|heic))(?:\s*[,\t]\s*|\s+)(\S.*)$/i
const bare = /^.+\.(?:jpe?g|png|bmp|gif|webp|tiff?|avif|p[gpn]m|heic)$/i

/** A first line that names the columns, as tables of files on Kaggle have it. */
const header =
  /^"?(?:images?|img|files?|file_?names?|(?:image|file|img)?[_ ]?paths?|图像|图片|文件名?|路径)"?(?:\s*[,\t]\s*|\s+|$)[^,\t]*$/i

/** Lines of a list without blank ones and the names of columns. */
function entriesOf(lines: readonly string[]): { text: string; number: number }[] {
  const entries = lines
    .map((line, index) => ({ text: line.trim(), number: index + 1 }))
    .filter(({ text }) => text !== '')
  return header.test(entries[0]?.text ?? '') ? entries.slice(1) : entries
}

const textLines = (text: string): string[] => text.replace(/^\uFEFF/, '').split(/\r?\n/)

/** Whether the start of a file reads like an image list: its first lines do. The last one may be cut off. */
export function looksLikeList(head: Buffer): boolean {
  if (head.includes(0)) return false
  const lines = textLines(head.toString('utf8'))
  const entries = entriesOf(lines.length > 1 ? lines.slice(0, -1) : lines)
  return entries.length > 0 && entries.every(({ text }) => bare.test(text) || labelled.test(text))
}

const maxListBytes = 2 ** 26
const maxShown = 100

/** Throws `list-line-unreadable`, also where only some lines have labels; `too-many-images`. */
function parse(text: string, file: string): Line[] {
  const lines = entriesOf(textLines(text))
  if (lines.length > maxFiles) throw labError('too-many-images', { folder: file, most: maxFiles })
  const isBare = lines.every((line) => bare.test(line.text))
  return lines.map(({ text: line, number }) => {
    if (isBare) return { path: line, label: null }
    const [, path, label] = labelled.exec(line) ?? []
    if (path !== undefined && label !== undefined) return { path, label: unquoted(label) }
    throw labError('list-line-unreadable', { file, line: number, text: shortened(line, maxShown) })
  })
}

const unquoted = (label: string): string => label.replace(/^"(.*)"$/, '$1')

interface Root {
  readonly folder: string
  readonly notes: Note[]
}

/** How many of the first files are looked for, since a list may name files that are missing. */
const mostTried = 20

/** Throws `list-root-unclear`. */
async function rootOf(list: string, lines: readonly Line[], chosen: string | null): Promise<Root> {
  if (chosen !== null) return { folder: resolve(dirname(list), chosen), notes: [] }
  const beside = dirname(resolve(list))
  for (const folder of [beside, dirname(beside)]) {
    for (const { path } of lines.slice(0, mostTried)) {
      if (!(await exists(resolve(folder, path)))) continue
      return { folder, notes: folder === beside ? [] : [note('list-root-taken', { folder })] }
    }
  }
  throw labError('list-root-unclear', { file: list, first: lines[0]?.path ?? '' })
}

/** Refuses paths out of the root, which could bring in any file of this machine. */
async function refuseOutside(files: readonly string[], root: string, list: string): Promise<void> {
  const inside = await fs.realpath(root)
  for (const file of files) {
    if (!(await fs.realpath(file)).startsWith(inside + sep)) {
      throw labError('list-leads-outside', { file: list, path: file, folder: root })
    }
  }
}

/** Throws `list-files-missing`. */
async function refuseMissing(files: readonly string[], list: string): Promise<void> {
  const missing: string[] = []
  for (const file of files) if (!(await exists(file))) missing.push(file)
  if (missing.length === 0) return
  throw labError('list-files-missing', {
    file: list,
    count: missing.length,
    names: missing.slice(0, 3),
  })
}

const isNumber = (label: string): boolean => /^\d+$/.test(label)

/**
 * The folder's name for each number, if every number has one folder and every folder one number; otherwise null, and the
 * numbers are the names.
 */
function namesByFolder(lines: readonly Line[]): ReadonlyMap<string, string> | null {
  const names = new Map<string, string>()
  for (const { path, label } of lines) {
    if (label === null || !isNumber(label)) return null
    const folder = basename(dirname(path.replace(/\\/g, '/'))).normalize('NFC')
    if (folder === '.' || (names.get(label) ?? folder) !== folder) return null
    names.set(label, folder)
  }
  return new Set(names.values()).size === names.size ? names : null
}

/** A label of -1 stands for a class that is not known. */
function classNameOf(label: string | null, names: ReadonlyMap<string, string> | null): string | null {
  return label === null || label === '-1' ? null : (names?.get(label) ?? label.normalize('NFC'))
}

/** @throws `list-line-unreadable`, `list-root-unclear`, `list-files-missing`, `list-leads-outside`, `no-images` */
export async function readList(file: string, { choices, reading }: ReadingOptions): Promise<Arrangement> {
  reading?.(file)
  const lines = parse((await readBounded(file, maxListBytes)).toString('utf8'), file)
  if (lines.length === 0) throw labError('no-images', { folder: file })
  const { folder, notes } = await rootOf(file, lines, choices.root)
  const paths = lines.map(({ path }) => resolve(folder, path.replace(/\\/g, '/')))
  await refuseMissing(paths, file)
  if (!choices.followLinks) await refuseOutside(paths, folder, file)
  const names = namesByFolder(lines)
  const files = lines.map(({ label }, index): ArrangedFile => {
    const path = paths[index] ?? ''
    return {
      file: path,
      origin: relative(folder, path).split(sep).join('/'),
      className: classNameOf(label, names),
      split: 'train',
    }
  })
  const known = files.flatMap(({ className }) => (className === null ? [] : [className]))
  return {
    files,
    classNames: [...new Set(known)].sort(compareNames),
    notes: [...notes, ...(names === null ? [] : [note('names-from-folders', { count: names.size })])],
  }
}
