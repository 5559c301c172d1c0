import { describe, expect, it } from 'vitest'
import { languageOf, languageOfLocale } from '../../../src/language/language'

describe('the language of a person', () => {
  it.each([
    ['zh_CN.UTF-8', 'zh'],
    ['zh-Hans-CN', 'zh'],
    ['zh', 'zh'],
    ['ZH_TW', 'zh'],
    ['en_GB.UTF-8', 'en'],
    ['de_DE', 'en'],
    ['zhuang', 'en'],
    ['C', 'en'],
    ['', 'en'],
  ])('reads the locale %j as %s', (locale, language) => {
    expect(languageOfLocale(locale)).toBe(language)
  })

  it('follows LC_ALL before LC_MESSAGES before LANG, and takes an empty one as not set', () => {
    expect(languageOf({ LANG: 'zh_CN.UTF-8' })).toBe('zh')
    expect(languageOf({ LANG: 'zh_CN.UTF-8', LC_MESSAGES: 'en_US.UTF-8' })).toBe('en')
    expect(languageOf({ LANG: 'en_US.UTF-8', LC_MESSAGES: 'C', LC_ALL: 'zh_CN.UTF-8' })).toBe('zh')
    expect(languageOf({ LANG: 'zh_CN.UTF-8', LC_ALL: '' })).toBe('zh')
    expect(languageOf({})).toBe('en')
  })
})
