/**
 * What was understood of a user's files, and what was done to them, as codes with parameters. src/language makes the
 * sentences. A dataset keeps its notes.
 */
import { z } from 'zod'
import { paramsSchema } from './fields'

/** Why a file was left out. */
export type SkipReason = 'undecodable'

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
