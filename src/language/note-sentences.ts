/** Checks the sentences of notes at compile time, as sentences.ts does for errors. */
import type { NoteCode, NoteParametersOf } from '../contract/note'
import type { PlaceholdersOf } from './sentences'

export type NoteSentences = Readonly<Record<NoteCode, string>>

/** The codes whose sentence in the table `T` does not use exactly the code's parameters. */
export type UnfitNotes<T extends NoteSentences> = {
  [C in NoteCode]: [PlaceholdersOf<T[C]>, keyof NoteParametersOf<C>] extends [
    keyof NoteParametersOf<C>,
    PlaceholdersOf<T[C]>,
  ]
    ? never
    : C
}[NoteCode]
