/** vue-i18n with the page's two languages. The English texts define the keys that the Chinese ones must have. */
import { createI18n } from 'vue-i18n'
import { languageOfLocale } from '../../src/language/language'
import en from './en'
import zh from './zh'

export function createWords() {
  return createI18n({
    legacy: false,
    locale: languageOfLocale(navigator.language),
    fallbackLocale: 'en',
    messages: { en, zh },
  })
}
