/**
 * What was understood of a user's files, and what was done to them, as codes with parameters. src/language makes the
 * sentences. A dataset keeps its notes.
 */
import { z } from 'zod'
import type { ValueRange } from './errors'
import { paramsSchema } from './fields'
import type { Layout } from './reading'

/** Why a file was left out. */
export type SkipReason = 'undecodable'

/** Every code with the parameters of its sentence. */
interface NoteParameters {
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
  'validation-left-out': { count: number; array: string }
  'validation-as-test': { count: number; array: string }
  'layout-taken': { array: string; shape: string; layout: Layout }
  'alpha-on-white': { array: string }
  'range-taken': { array: string; type: string; range: ValueRange }
  'range-clipped': { count: number; array: string; least: number; most: number }
  'range-unused': { array: string; brightest: number; full: number }
  'range-stretched': { array: string; least: number; most: number }
  'labels-one-hot': { array: string; classes: number }
  'labels-unknown': { count: number; array: string }
  'labels-missing': { array: string }
  'label-ten-is-zero': { array: string }
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
  const kept = Object.entries<string | number | readonly string[]>(params).map(([name, value]) => [
    name,
    name === 'names' && typeof value === 'object' ? value.slice(0, mostNamed) : value,
  ])
  return { code, params: Object.fromEntries(kept) as Note['params'] }
}
