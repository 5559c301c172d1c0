/** Recognises the format of a path by its content, and reads it. */
import { basename, extname, resolve } from 'path'
import { labError } from '../../contract/errors'
import { assemble } from '../arrays/assemble'
import type { Dataset } from '../dataset'
import { type DecodeImage, readImageFiles } from '../image-folder'
import type { ReadingOptions } from '../reading'
import { factsOf, numberedClasses, summarise } from '../summary'
import type { ArraysFormat, Format, SamplesFormat } from './format'
import { glimpseOf } from './glimpse'
import { formats } from './registry'
import { unreadKind } from './unread-kind'

interface Recognised {
  readonly format: Format
  /** The name of the file without its ending, or of the folder. */
  readonly title: string
}

/** Throws `format-named-unread`, `unknown-format`, `file-not-found`. */
export async function recognise(path: string): Promise<Recognised> {
  const seen = await glimpseOf(path)
  const name = basename(resolve(path))
  const title = seen.kind === 'folder' ? name : basename(name, extname(name))
  for (const format of formats) if (await format.matches(seen)) return { format, title }
  const kind = await unreadKind(seen)
  throw kind === null
    ? labError('unknown-format', { file: path })
    : labError('format-named-unread', { file: path, kind })
}

/** Throws what the format throws. */
export async function readSamples(
  path: string,
  title: string,
  format: SamplesFormat | ArraysFormat,
  by: ReadingOptions,
): Promise<Dataset> {
  const { samples, classNames, notes } =
    format.holds === 'samples' ? await format.read(path, by) : await assemble(await format.open(path, by), by)
  const facts = factsOf(path, title, 0, notes)
  return { summary: summarise(samples, classNames ?? numberedClasses(samples), facts), samples }
}

/**
 * The dataset at a path. Images are decoded into memory, and need a way to decode them.
 * @throws `file-not-found`, `unknown-format`, `images-not-imported`, and what the format throws
 */
export async function readPath(
  path: string,
  by: ReadingOptions & { readonly decode?: DecodeImage | undefined },
): Promise<Dataset> {
  const { format, title } = await recognise(path)
  if (format.holds !== 'images') return readSamples(path, title, format, by)
  const { decode } = by
  if (decode === undefined) throw labError('images-not-imported', { folder: path })
  const files = await format.list(path, by)
  const { table, classNames, reduced, notes } = await readImageFiles(files, { ...by, decode })
  return { summary: summarise(table, classNames, factsOf(path, title, reduced, notes)), samples: table }
}
