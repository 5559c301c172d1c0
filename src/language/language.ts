/** Which language a person reads: asked for by name, else as the system says, else English. */
export type Language = 'en' | 'zh'

export const languages: readonly Language[] = ['en', 'zh']

/** A POSIX locale (`zh_CN.UTF-8`) or a BCP 47 tag (`zh-Hans`) as one of the lab's languages. */
export function languageOfLocale(locale: string): Language {
  return /^zh\b|^zh_/i.test(locale) ? 'zh' : 'en'
}

/** LC_ALL stands above LC_MESSAGES, and that above LANG, as in POSIX; an empty one counts as not set. */
export function languageOf(environment: Readonly<Record<string, string | undefined>>): Language {
  const { LC_ALL: all, LC_MESSAGES: messages, LANG: lang } = environment
  return languageOfLocale([all, messages, lang].find((locale) => locale !== undefined && locale !== '') ?? '')
}
