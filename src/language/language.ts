/** The user's language: the one chosen by name, else the system's, else English. */
export type Language = 'en' | 'zh'

export const languages: readonly Language[] = ['en', 'zh']

/** The lab's language for a POSIX locale (`zh_CN.UTF-8`) or a BCP 47 tag (`zh-Hans`). */
export function languageOfLocale(locale: string): Language {
  return /^zh\b|^zh_/i.test(locale) ? 'zh' : 'en'
}

/** LC_ALL overrides LC_MESSAGES, which overrides LANG, as in POSIX; an empty variable counts as unset. */
export function languageOf(environment: Readonly<Record<string, string | undefined>>): Language {
  const { LC_ALL: all, LC_MESSAGES: messages, LANG: lang } = environment
  return languageOfLocale([all, messages, lang].find((locale) => locale !== undefined && locale !== '') ?? '')
}
