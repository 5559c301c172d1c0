import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Note, NoteCode } from '../../../src/contract/note'
import type { UnfitNotes } from '../../../src/language/note-sentences'
import { notesEn } from '../../../src/language/notes.en'
import { notesZh } from '../../../src/language/notes.zh'
import { noteSentence } from '../../../src/language/sentence'

const codes = Object.keys(notesEn) as NoteCode[]

const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))].sort()

describe('the sentences of notes', () => {
  it('name exactly the parameters of each code', () => {
    expectTypeOf<UnfitNotes<typeof notesEn>>().toBeNever()
    expectTypeOf<UnfitNotes<typeof notesZh>>().toBeNever()
  })

  it('are the same codes and placeholders in both languages, each in its own', () => {
    expect(Object.keys(notesZh).sort()).toEqual(Object.keys(notesEn).sort())
    for (const code of codes) {
      expect(placeholders(notesZh[code]), code).toEqual(placeholders(notesEn[code]))
      expect(notesZh[code], code).toMatch(/\p{Script=Han}/u)
      expect(notesEn[code], code).not.toMatch(/\p{Script=Han}/u)
    }
  })

  it.each(['en', 'zh'] as const)('are one complete line for one and for several (%s)', (language) => {
    for (const code of codes) {
      for (const count of [1, 3]) {
        const names = placeholders(notesEn[code])
        const params: Note['params'] = Object.fromEntries(
          names.map((name) => [name, name === 'count' ? count : 'x']),
        )
        const text = noteSentence({ code, params }, language)
        expect(text, code).not.toMatch(/[{}|\n]/)
        expect(text.length, code).toBeGreaterThan(8)
        expect(text, code).toMatch(/[.。]$/)
      }
    }
  })
})
