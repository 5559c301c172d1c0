/** Recognises the format of a path by its content, and reads it. */
import { basename, extname, join, resolve } from 'path'
import { labError, type LabError } from '../../contract/errors'
import { assemble } from '../arrays/assemble'
import type { Choices } from '../../contract/reading'
import type { Dataset } from '../dataset'
import { type DecodeImage, readImageFiles } from '../image-folder'
import { imageHeader } from '../image-header'
import type { ReadingOptions } from '../reading'
import { factsOf, summarise } from '../summary'
import type { ArraysFormat, Format } from './format'
import { type FolderGlimpse, type Glimpse, glimpseOf } from './glimpse'
import { imageFolder } from './image-folder'
import { formats } from './registry'
import { unreadFormatOf } from './unread-format'

interface Recognised {
  readonly format: Format
  /** The name of the file without its ending, or of the folder. */
  readonly title: string
}

async function matching(seen: Glimpse): Promise<Format | null> {
  for (const format of formats) if (await format.matches(seen)) return format
  return null
}

/** The error for a file that no format matches: another one that is well known, or none. */
async function unknown(seen: Glimpse): Promise<LabError> {
  const kind = await unreadFormatOf(seen)
  if (kind === null) return labError('unknown-format', { file: seen.path })
  return labError('format-named-unread', { file: seen.path, kind })
}

/** Throws `format-named-unread`, `unknown-format`, `look-inside`, `file-not-found`. */
export async function recogniseFormat(path: string): Promise<Recognised> {
  const seen = await glimpseOf(path)
  const name = basename(resolve(path))
  const title = seen.kind === 'folder' ? name : basename(name, extname(name))
  const format = await matching(seen)
  if (format === null) throw await unknown(seen)
  if (format === imageFolder && seen.kind === 'folder') await refuseOtherInside(seen)
  return { format, title }
}

/** Entries of a folder that are looked at. */
const mostTried = 50
const mostDeep = 3

const visible = ({ names }: FolderGlimpse): string[] =>
  names.filter((name) => !name.startsWith('.')).slice(0, mostTried)

/** Whether one of the first files below the folder begins like an image. */
async function holdsImage(folder: FolderGlimpse, deep = mostDeep): Promise<boolean> {
  for (const name of visible(folder)) {
    const seen = await glimpseOf(join(folder.path, name))
    if (
      seen.kind === 'file' ? imageHeader(seen.head) !== null : deep > 0 && (await holdsImage(seen, deep - 1))
    )
      return true
  }
  return false
}

const mostBelow = 2

/** The entries of a folder and its subfolders that are datasets of other formats than folders of images. */
async function othersInside(folder: FolderGlimpse, deep = mostBelow): Promise<string[]> {
  const found: string[] = []
  for (const name of visible(folder)) {
    const seen = await glimpseOf(join(folder.path, name))
    const format = await matching(seen)
    if (format !== null && format !== imageFolder) found.push(name)
    else if (seen.kind === 'folder' && deep > 1) {
      found.push(...(await othersInside(seen, deep - 1)).map((inner) => `${name}/${inner}`))
    }
  }
  return found
}

/** Throws `look-inside` if the folder holds no images, but datasets of other formats. */
async function refuseOtherInside(folder: FolderGlimpse): Promise<void> {
  // In a folder of images one of the first files is an image, and nothing else has to be looked at.
  if (await holdsImage(folder)) return
  const options = await othersInside(folder)
  if (options.length > 0) throw labError('look-inside', { folder: folder.path, options })
}

/** Throws what the format throws. */
export async function readSamples(
  path: string,
  title: string,
  format: ArraysFormat,
  by: ReadingOptions,
): Promise<Dataset> {
  const { samples, classNames, notes } = await assemble(await format.open(path, by), by)
  const facts = factsOf(path, title, 0, notes)
  return { summary: summarise(samples, classNames, facts), samples }
}

/**
 * The dataset at a path. Images are decoded into memory, and need a way to decode them.
 * @throws `file-not-found`, `unknown-format`, `images-not-imported`, and what the format throws
 */
export async function readPath(
  path: string,
  by: ReadingOptions & { readonly decode?: DecodeImage | undefined },
): Promise<Dataset> {
  const { format, title } = await recogniseFormat(path)
  if (format.holds !== 'images') return readSamples(path, title, format, by)
  const { decode } = by
  if (decode === undefined) throw labError('images-not-imported', { folder: path })
  const files = await format.list(path, by)
  const { table, classNames, reduced, notes } = await readImageFiles(files, { ...by, decode })
  return { summary: summarise(table, classNames, factsOf(path, title, reduced, notes)), samples: table }
}

/** The path that is read: the given one, or the one inside it that the user chose. */
export function chosenPath(path: string, { within }: Choices): string {
  return within === null ? path : join(path, within)
}
