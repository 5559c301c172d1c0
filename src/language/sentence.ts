/** Turns an error or a note into one sentence for the user. */
import { translate } from '@intlify/core'
import type { ErrorMessage, Value } from '../contract/errors'
import type { Note } from '../contract/note'
import type { Reason } from '../contract/proposal'
import { contextsOf } from './contexts'
import { errorsEn } from './errors.en'
import { errorsZh } from './errors.zh'
import type { Language } from './language'
import { notesEn, noteWordsEn } from './notes.en'
import { notesZh, noteWordsZh } from './notes.zh'
import { plainLine } from '../contract/plain'
import { reasonSentences } from './proposal'
import { quantitiesEn, quantitiesZh } from './quantities'
import { shortened } from '../contract/shortened'

const contexts = contextsOf({ en: { ...errorsEn, ...notesEn }, zh: { ...errorsZh, ...notesZh } })
const reasonContexts = contextsOf(reasonSentences)

const words: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: { ...quantitiesEn, ...noteWordsEn },
  zh: { ...quantitiesZh, ...noteWordsZh },
}

const betweenNames = { en: ', ', zh: '、' }

/** vue-i18n's plural numbers for the form before `|` and the form after it. */
const withoutSuggestion = 1
const withSuggestion = 2

/** Maximum length of a parameter in a sentence: names in a file can be of any length. */
const maxShown = 1000

/** The form with a suggestion if the error has one. */
function formOf(error: ErrorMessage): number {
  const { nearest } = error.params
  return nearest === undefined || nearest === '' ? withoutSuggestion : withSuggestion
}

/** Parameters as words of the language, each on one line of limited length. */
function wordsOf(params: Readonly<Record<string, Value>>, language: Language): Record<string, string> {
  const asText = (value: Value) =>
    typeof value === 'object' ? value.join(betweenNames[language]) : String(value)
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const text = plainLine(shortened(asText(value), maxShown).replace(/\s+/g, ' ').trim())
      return [name, term(name, text, language)]
    }),
  )
}

/** The word for a value that is a term of the lab; else the value. */
export function term(name: string, value: string, language: Language): string {
  return words[language][`${name}:${value}`] ?? value
}

function say(code: string, params: Readonly<Record<string, Value>>, form: number, language: Language) {
  const text = translate(contexts[language], code, wordsOf(params, language), form)
  return typeof text === 'string' ? text : code
}

/** One line: what is wrong, where, and what would be right. */
export function sentence(error: ErrorMessage, language: Language): string {
  return say(error.code, error.params, formOf(error), language)
}

/** One line. A note's sentence has a form for one and a form for several of what it counts. */
export function noteSentence({ code, params }: Note, language: Language): string {
  const { count } = params
  return say(code, params, typeof count === 'number' ? count : 1, language)
}

/** Why the proposed experiment has a setting. */
export function reasonSentence({ code, params }: Reason, language: Language): string {
  const text = translate(reasonContexts[language], code, wordsOf(params, language))
  return typeof text === 'string' ? text : code
}
