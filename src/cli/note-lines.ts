/** The sentences of notes, with the option for the choice that a note offers. */
import { type Note, offers } from '../contract/note'
import { noteSentence } from '../language/sentence'
import { decidedBy } from './choice-options'
import type { Terminal } from './terminal'

export function noteLines(notes: readonly Note[], { say, language }: Terminal): string[] {
  return notes.map((note) => {
    const choice = offers[note.code]
    return noteSentence(note, language) + (choice === undefined ? '' : decidedBy(choice, say))
  })
}
