/** Turns an error into one sentence for the user. */
import { createCoreContext, resolveWithKeyValue, translate } from '@intlify/core'
import type { ErrorMessage } from '../contract/errors'
import { errorsEn } from './errors.en'
import { errorsZh } from './errors.zh'
import type { Language } from './language'
import { plainLine } from '../contract/plain'
import { quantitiesEn, quantitiesZh } from './quantities'
import { shortened } from '../contract/shortened'

const contexts = {
  en: createCoreContext({ locale: 'en', messages: { en: errorsEn }, messageResolver: resolveWithKeyValue }),
  zh: createCoreContext({ locale: 'zh', messages: { zh: errorsZh }, messageResolver: resolveWithKeyValue }),
}

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
function wordsOf(error: ErrorMessage, language: Language): Record<string, string> {
  const words: Readonly<Record<string, string>> = language === 'zh' ? quantitiesZh : quantitiesEn
  return Object.fromEntries(
    Object.entries(error.params).map(([name, value]) => {
      const text = plainLine(shortened(String(value), maxShown).replace(/\s+/g, ' ').trim())
      return [name, words[`${name}:${text}`] ?? text]
    }),
  )
}

/** One line: what is wrong, where, and what would be right. */
export function sentence(error: ErrorMessage, language: Language): string {
  const text = translate(contexts[language], error.code, wordsOf(error, language), formOf(error))
  return typeof text === 'string' ? text : error.code
}
