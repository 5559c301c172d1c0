/** A name from a file must not reach the terminal as a control sequence. */
import { expect, it } from 'vitest'
import { plainJson, plainLine, plainText } from '../../../src/contract/plain'
import { repeatSentence } from '../../../src/language/repeats'
import { sentence } from '../../../src/language/sentence'
import { wordsIn } from '../../../src/language/words'

const orders = [
  ['a title', '\x1b]0;owned\x07'],
  ['a cleared screen', '\x1b[2J\x1b[H'],
  ['the same in one C1 character', '\x9b2J'],
  ['a title in C1', '\x9d0;owned\x9c'],
  ['the line begun again', 'long line\rshort'],
  ['what was written taken back', 'safe\b\b\b\b'],
  ['an override of direction', 'photo\u202egnp.exe'],
  ['an isolate', '\u2066a\u2069'],
  ['marks of direction', '\u200ea\u200f\u061c'],
  ['line ends of other kinds', 'a\x0bb\x0cc\x85d\u2028e\u2029f'],
  ['DEL and NUL', 'a\x7fb\0'],
] as const

/** All characters that can control a terminal or change how a line is read. */

const obeyed = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f]/

it.each(orders)('%s is taken out of text, of a line, of a sentence and of words', (_what, text) => {
  expect(text).toMatch(obeyed)
  expect(plainText(text)).not.toMatch(obeyed)
  expect(plainText(text)).toContain('\ufffd')
  expect(plainLine(text)).not.toMatch(obeyed)
  for (const language of ['en', 'zh'] as const) {
    expect(sentence({ code: 'unknown-run', params: { name: text, nearest: '' } }, language)).not.toMatch(
      obeyed,
    )
    expect(wordsIn(language)('restored', { run: text })).not.toMatch(obeyed)
  }
})

it.each(orders)('%s in JSON is escaped, and comes back as it was', (_what, text) => {
  const json = plainJson(JSON.stringify({ [text]: [text] }, null, 2))
  expect(json).not.toMatch(obeyed)
  expect(JSON.parse(json)).toEqual({ [text]: [text] })
})

it('a name begins no line of its own', () => {
  const forged = 'digits\nrc: all is well\tdone'
  expect(plainLine(forged)).toBe('digits\ufffdrc: all is well\ufffddone')
  expect(wordsIn('en')('restored', { run: forged })).not.toContain('\n')
  for (const language of ['en', 'zh'] as const) {
    const repeat = { run: forged, counted: forged, seed: '0', outcome: 'same' as const, machinery: [] }
    expect(repeatSentence(repeat, language)).not.toMatch(/[\n\t]/)
  }
  expect(plainText('two\nlines\tof the lab')).toBe('two\nlines\tof the lab')
})

it('a name of any length gives a sentence that can be read', () => {
  const text = sentence({ code: 'unknown-run', params: { name: 'a'.repeat(100_000), nearest: '' } }, 'en')
  expect(text).toBe(`There is no run "${'a'.repeat(1000)}…".`)
})

it('letters of every script stay', () => {
  for (const text of ['源域 → 目标域', 'שלום', 'العربية', 'é́', '👩‍🔬', 'naïve'])
    expect(plainLine(text)).toBe(text)
})
