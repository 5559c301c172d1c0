import { describe, expect, expectTypeOf, it } from 'vitest'
import type { ErrorCode } from '../../../src/contract/errors'
import { errorsEn } from '../../../src/language/errors.en'
import { errorsZh } from '../../../src/language/errors.zh'
import { sentence } from '../../../src/language/sentence'
import type { UnfitCodes } from '../../../src/language/sentences'

const codes = Object.keys(errorsEn) as ErrorCode[]

function placeholders(text: string): string[] {
  const names = [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
  return [...new Set(names)].sort()
}

describe('the tables of error sentences', () => {
  it('name exactly the parameters of each code', () => {
    expectTypeOf<UnfitCodes<typeof errorsEn>>().toBeNever()
    expectTypeOf<UnfitCodes<typeof errorsZh>>().toBeNever()
  })

  it('have the same codes and placeholders in both languages', () => {
    expect(Object.keys(errorsZh).sort()).toEqual(Object.keys(errorsEn).sort())
    for (const code of codes) expect(placeholders(errorsZh[code]), code).toEqual(placeholders(errorsEn[code]))
  })

  it('are translated: no sentence is the same in both, and each Chinese one holds Chinese', () => {
    for (const code of codes) {
      expect(errorsZh[code], code).not.toBe(errorsEn[code])
      expect(errorsZh[code], code).toMatch(/\p{Script=Han}/u)
      expect(errorsEn[code], code).not.toMatch(/\p{Script=Han}/u)
    }
  })

  it('offer a form with and one without a suggestion just where there may be one', () => {
    for (const table of [errorsEn, errorsZh]) {
      for (const code of codes) {
        const forms = table[code].split(' | ')
        const suggests = placeholders(table[code]).includes('nearest')
        expect(forms.length, code).toBe(suggests ? 2 : 1)
        if (suggests) expect(placeholders(forms[0] ?? ''), code).not.toContain('nearest')
      }
    }
  })

  it.each(['en', 'zh'] as const)('give one complete line for every code (%s)', (language) => {
    for (const code of codes) {
      for (const nearest of ['', '<nearest>']) {
        const names = placeholders(errorsEn[code])
        const params = Object.fromEntries(
          names.map((name) => [name, name === 'nearest' ? nearest : `<${name}>`]),
        )
        const text = sentence({ code, params }, language)
        expect(text, code).not.toMatch(/[{}|\n]/)
        for (const name of names.filter((name) => name !== 'nearest'))
          expect(text, code).toContain(`<${name}>`)
        expect(text.includes('<nearest>'), code).toBe(names.includes('nearest') && nearest !== '')
      }
    }
  })
})

describe('a sentence', () => {
  it('suggests the nearest name where there is one', () => {
    const params = { name: 'publishd', nearest: 'published' }
    expect(sentence({ code: 'unknown-preset', params }, 'en')).toBe(
      'There is no preset "publishd"; the nearest is "published".',
    )
    expect(sentence({ code: 'unknown-preset', params: { ...params, nearest: '' } }, 'en')).toBe(
      'There is no preset "publishd".',
    )
    expect(sentence({ code: 'unknown-preset', params }, 'zh')).toBe(
      '没有“publishd”这个预设，最接近的是“published”。',
    )
  })

  it('takes parameters as they are, even those that look like message syntax, and keeps them on one line', () => {
    const params = { file: '/tmp/{a}|@:b <i>\n  c', problem: "{'x'}", place: '@' }
    expect(sentence({ code: 'malformed-config', params }, 'en')).toBe(
      "The file /tmp/{a}|@:b <i> c cannot be read: {'x'} (@).",
    )
  })

  it('says what is wrong with a file in the language, and where', () => {
    const params = { file: 'a.safetensors', problem: 'overlap', place: 'encoder.weight' }
    expect(sentence({ code: 'checkpoint-malformed', params }, 'en')).toBe(
      'The file a.safetensors is not a valid safetensors checkpoint: this lies over another tensor (encoder.weight).',
    )
    expect(sentence({ code: 'checkpoint-malformed', params }, 'zh')).toBe(
      'a.safetensors 不是有效的 safetensors 检查点：此项与另一个张量重叠（encoder.weight）。',
    )
  })

  it('says the names of domains in the language', () => {
    const error = {
      code: 'count-too-large',
      params: { domain: 'target', asked: 20000, available: 12089 },
    } as const
    expect(sentence(error, 'en')).toBe(
      'The target domain asks for 20000 images, but there are only 12089; set its count to at most that, or to all.',
    )
    expect(sentence(error, 'zh')).toBe(
      '目标域要 20000 张图像，但一共只有 12089 张；请把它的数量（count）设为不超过该数，或设为 all。',
    )
  })
})
