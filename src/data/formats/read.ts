/** Recognises the format of a path by its content, and reads it. */
import { basename, extname, resolve } from 'path'
import { labError } from '../../contract/errors'
import type { Dataset } from '../dataset'
import { type DecodeImage, readImageFiles } from '../image-folder'
import type { ReadingOptions } from '../reading'
import { factsOf, numberedClasses, summarise } from '../summary'
import type { Format, SamplesFormat } from './format'
import { glimpseOf } from './glimpse'
import { formats } from './registry'

interface Recognised {
  readonly format: Format
  /** The name of the file without its ending, or of the folder. */
  readonly title: string
}

/** Throws `unknown-format`, `file-not-found`. */
export async function recognise(path: string): Promise<Recognised> {
  const seen = await glimpseOf(path)
  const name = basename(resolve(path))
  const title = seen.kind === 'folder' ? name : basename(name, extname(name))
  for (const format of formats) if (await format.matches(seen)) return { format, title }
  throw labError('unknown-format', { file: path })
}

/** Throws what the format throws. */
export async function readSamples(
  path: string,
  title: string,
  format: SamplesFormat,
  by: ReadingOptions,
): Promise<Dataset> {
  const { samples, classNames, notes } = await format.read(path, by)
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
  if (format.holds === 'samples') return readSamples(path, title, format, by)
  const { decode } = by
  if (decode === undefined) throw labError('images-not-imported', { folder: path })
  const files = await format.list(path, by)
  const { table, classNames, reduced, notes } = await readImageFiles(files, { ...by, decode })
  return { summary: summarise(table, classNames, factsOf(path, title, reduced, notes)), samples: table }
}
