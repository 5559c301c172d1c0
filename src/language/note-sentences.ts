/** Checks the sentences of notes at compile time, as sentences.ts does for errors. */
import type { NoteCode, NoteParametersOf } from '../contract/note'
import type { Unfit } from './sentences'

export type NoteSentences = Readonly<Record<NoteCode, string>>

export type UnfitNotes<T extends NoteSentences> = Unfit<{ [C in NoteCode]: NoteParametersOf<C> }, T>
