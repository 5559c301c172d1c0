/**
 * What was understood of a user's files, and what was done to them, as codes with parameters. src/language makes the
 * sentences. A dataset keeps its notes.
 */
import { z } from 'zod'
import type { ValueRange } from './errors'
import { paramsSchema } from './fields'
import type { Choices, Layout } from './reading'

/** Why a file was left out. */
export type SkipReason = 'undecodable' | 'kind-unread' | 'too-large'

/** Every code with the parameters of its sentence. */
interface NoteParameters {
  'folder-entered': { folder: string }
  'splits-taken': { training: readonly string[]; test: readonly string[] }
  'images-nested': { count: number; names: readonly string[] }
  'images-beside-classes': { count: number; names: readonly string[] }
  'folders-without-images': { count: number; names: readonly string[] }
  'files-passed-over': { count: number; names: readonly string[] }
  'links-followed': { count: number; names: readonly string[] }
  'list-root-taken': { folder: string }
  'names-from-folders': { count: number }
  'files-skipped': { count: number; reason: SkipReason; names: readonly string[] }
  'idx-files-taken': { count: number; names: readonly string[] }
  'images-transposed': { set: string }
  'label-column-first': { file: string; columns: number }
  'letters-numbered': { file: string }
  'labels-mapped': { file: string }
  'text-decoded': { encoding: string }
  'header-none': { columns: number }
  'header-numbered': { columns: number }
  'label-column-taken': { column: string }
  'columns-dropped': { count: number; names: readonly string[] }
  'pixel-columns': { columns: number; height: number; width: number }
  'decimal-comma': { separator: string }
  'arrays-taken': { roles: readonly string[] }
  'arrays-passed-over': { count: number; names: readonly string[] }
  'files-joined': { file: string; joined: string }
  'file-not-joined': { file: string; joined: string }
  'validation-joined': { count: number; array: string }
  'validation-as-test': { count: number; array: string }
  'layout-taken': { array: string; shape: string; layout: Layout }
  'rows-may-be-images': { array: string; options: readonly Layout[] }
  'alpha-on-white': { array: string }
  'range-taken': { array: string; type: string; range: ValueRange }
  'range-clipped': { count: number; array: string; least: number; most: number }
  'range-unused': { array: string; brightest: number; full: number }
  'range-stretched': { array: string; least: number; most: number }
  'labels-one-hot': { array: string; classes: number }
  'labels-unknown': { count: number; array: string }
  'labels-missing': { array: string }
  'label-ten-is-zero': { array: string }
  'usps-by-digit': { array: string; samples: number }
  /** Labels that the user gave to the dataset that was replaced; `kept` are those of files that are the same. */
  'given-labels-kept': { count: number; kept: number }
  /** EXIF orientation was applied. */
  'images-turned': { count: number }
  /** More than 8 bits a channel, of which the upper 8 were kept. */
  'images-deep': { count: number }
  /** Images with transparent parts, composed on white. */
  'images-on-white': { count: number }
  /** Images so large that they are decoded one at a time; `memory` is what the largest needs. */
  'images-large': { count: number; megapixels: number; memory: string }
  /** Tensors that no network of the lab needs. */
  'tensors-passed-over': { count: number; names: readonly string[] }
  /** Names of PyTorch's wrappers, such as `module.`. */
  'prefixes-removed': { names: readonly string[] }
  /** The file held the weights under this name, beside other things. */
  'weights-within': { name: string }
  /** Values of these types were converted to float32. */
  'weights-converted': { types: readonly string[] }
  /** An export of networks of another program; `last` is the number of the last class. */
  'preparation-assumed': { last: number }
  /** Shifts of the target, which an export does not apply. */
  'shifts-left-out': { names: readonly string[] }
  /** The samples of the source that calibrate probabilities cannot be read. */
  'not-calibrated': { dataset: string }
  /** The samples that normalise vectors cannot be read. */
  'statistics-left-out': { dataset: string }
}

export type NoteCode = keyof NoteParameters
export type NoteParametersOf<C extends NoteCode> = NoteParameters[C]

export const noteSchema = z.strictObject({
  code: z.custom<NoteCode>((code) => typeof code === 'string'),
  params: paramsSchema,
})
export type Note = z.infer<typeof noteSchema>

/** Names in a note; a note counts all of them. */
const mostNamed = 3

/** Constructs a note; the type checker matches the parameters to the code. Of names, the first three are kept. */
export function note<C extends NoteCode>(code: C, params: NoteParametersOf<C>): Note {
  const { names, ...rest }: Note['params'] = { ...params }
  return { code, params: typeof names === 'object' ? { ...rest, names: names.slice(0, mostNamed) } : rest }
}

/** The choice that a note offers: the files are read either way. */
export const offers: Partial<Record<NoteCode, keyof Choices>> = {
  'range-unused': 'stretch',
  'rows-may-be-images': 'layout',
}
