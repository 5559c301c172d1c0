/** The page's texts: every key is used and defined, both languages are complete, and no text is hard-coded. */
import { readFileSync, readdirSync } from 'fs'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { parse } from 'vue/compiler-sfc'
import en from '../../renderer/i18n/en'
import zh from '../../renderer/i18n/zh'

const root = join(import.meta.dirname, '..', '..', 'renderer')

function flatten(words: object, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>()
  for (const [key, value] of Object.entries(words) as [string, string | object][]) {
    if (typeof value === 'string') flat.set(prefix + key, value)
    else for (const [inner, text] of flatten(value, `${prefix}${key}.`)) flat.set(inner, text)
  }
  return flat
}

const english = flatten(en)
const chinese = flatten(zh)

const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(vue|ts)$/.test(file) && !file.startsWith('i18n'))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))

/** The first argument of each t(...): `'a.b'`, both branches of `x ? 'a' : 'b'`, and patterns like `a.${x}`. */
function keysIn(text: string): { exact: string[]; patterns: RegExp[] } {
  const exact: string[] = []
  const patterns: RegExp[] = []
  for (const [, argument = ''] of text.matchAll(/\bte?\(\s*((?:[^,()`]|`[^`]*`|\([^()]*\))*)/g)) {
    for (const [, key = ''] of argument.matchAll(/(?:^|[?:]\s*)'([\w.-]+)'/g)) exact.push(key)
    for (const [, key = ''] of argument.matchAll(/`([\w.-]*\$\{[^`]*)`/g))
      patterns.push(new RegExp(`^${key.replace(/\./g, '\\.').replace(/\$\{[^}]*\}/g, '[\\w-]+')}$`))
  }
  return { exact, patterns }
}

const used = sources.map(({ text }) => keysIn(text))
const exact = new Set(used.flatMap((keys) => keys.exact))
const patterns = used.flatMap((keys) => keys.patterns)

describe('words of the page', () => {
  it('has every key that is used', () => {
    expect([...exact].filter((key) => !english.has(key))).toEqual([])
    expect(patterns.filter((pattern) => ![...english.keys()].some((key) => pattern.test(key)))).toEqual([])
  })

  it('uses every key that it has', () => {
    const unused = [...english.keys()].filter(
      (key) => !exact.has(key) && !patterns.some((pattern) => pattern.test(key)),
    )
    expect(unused).toEqual([])
  })

  it('has the same keys in both languages', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it('says something else in Chinese, except where there is one word for both', () => {
    const same = [...english].filter(([key, text]) => chinese.get(key) === text).map(([key]) => key)
    expect(same.sort()).toEqual([
      'compare.measures.mmd',
      'schedule.inverse',
      'stage.features.formula',
      'stage.inverted.formula',
      'stage.verdicts.formula',
      'terms.D',
      'terms.MT',
      'terms.coral',
      'terms.mmd',
      'weightSchedule.logistic',
    ])
  })

  it('names the same placeholders in both languages', () => {
    const placeholders = (text = '') => [...new Set(text.match(/\{\w+\}/g))].sort()
    const differing = [...english].filter(
      ([key, text]) => placeholders(text).join() !== placeholders(chinese.get(key)).join(),
    )
    expect(differing.map(([key]) => key)).toEqual([])
  })

  it('has no text in templates', () => {
    /** Names that are the same in every language. */
    const names = new Set([
      'PCA',
      'UMAP',
      'MS',
      'MT',
      'D',
      'L(D)',
      'L(MT)',
      'English',
      '简体中文',
      'xₛ',
      'xₜ',
      '→',
      'p(',
      '·',
      '≈',
      '±',
      'MT(',
    ])
    const raw = sources
      .filter(({ file }) => file.endsWith('.vue'))
      .flatMap(({ file, text }) => {
        const template = parse(text).descriptor.template?.content ?? ''
        const outside = template
          .replace(/<!--[\s\S]*?-->/g, '')
          .replace(/\{\{[\s\S]*?\}\}/g, ' ')
          .replace(/<(?:"[^"]*"|'[^']*'|[^'">])*>/g, '\n')
        const words = outside.split(/\s+/).filter((word) => /\p{L}/u.test(word) && !names.has(word))
        const attributes = [...template.matchAll(/\s(?:aria-label|title|placeholder|alt)="([^"]*)"/g)]
          .map(([whole, value]) => ({ whole, value: value ?? '' }))
          .filter(({ value }) => /\p{L}/u.test(value))
        return [...words, ...attributes.map(({ whole }) => whole.trim())].map((word) => `${file}: ${word}`)
      })
    expect(raw).toEqual([])
  })
})
