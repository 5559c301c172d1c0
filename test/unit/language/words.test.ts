import { ladderSteps } from '../../../src/cli/commands/ladder'
import { readdirSync, readFileSync } from 'fs'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { terminalEn, type TerminalWord } from '../../../src/language/terminal.en'
import { terminalZh } from '../../../src/language/terminal.zh'
import { quantitiesEn, quantitiesZh } from '../../../src/language/quantities'
import type { MethodRole } from '../../../src/contract/method'
import { pairings } from '../../../src/contract/pairing'
import { attemptSchema, runStates } from '../../../src/contract/record'
import { scores } from '../../../src/contract/score'
import { wordsIn } from '../../../src/language/words'

const roles = ['reference', 'control'] satisfies MethodRole[]
const doctorStates = ['ok', 'missing', 'warning']
const words = Object.keys(terminalEn) as TerminalWord[]

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort()
}

function sourcesIn(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n')
}

describe("the terminal's words", () => {
  it('have the same keys and placeholders in both languages', () => {
    expect(Object.keys(terminalZh).sort()).toEqual([...words].sort())
    for (const word of words)
      expect(placeholders(terminalZh[word]), word).toEqual(placeholders(terminalEn[word]))
  })

  it('count one image and several', () => {
    expect(wordsIn('en')('imported-reduced', { count: 1 })).toMatch(/^One image was made smaller/)
    expect(wordsIn('en')('imported-reduced', { count: 2 })).toMatch(/^2 images were made smaller/)
    expect(wordsIn('zh')('imported-reduced', { count: 1 })).toMatch(/^有 1 张图像已缩小/)
  })

  it('are translated, but for those that are names alone', () => {
    for (const word of words) expect(terminalZh[word], word).not.toBe(terminalEn[word])
    // `, D 0.9` contains the name of a network; only its comma differs between the languages.
    const withoutChinese = words.filter((word) => !/\p{Script=Han}/u.test(terminalZh[word]))
    expect(withoutChinese).toEqual(['round-discriminator'])
    for (const word of words) expect(terminalEn[word], word).not.toMatch(/\p{Script=Han}/u)
  })

  it('are all said somewhere', () => {
    const source = sourcesIn(join(__dirname, '../../../src/cli'))
    const derived = new Set<string>([
      ...runStates.map((state) => `state-${state}`),
      ...doctorStates.map((state) => `part-${state}`),
      ...attemptSchema.shape.verdict.options.map((verdict) => `attempt-${verdict}`),
      ...scores.map((score) => `measure-${score}`),
      ...ladderSteps.map((step) => `ladder-${step}`),
      ...pairings.map((pairing) => `gap-closed-${pairing}`),
      ...roles.map((role) => `matrix-${role}`),
      ...['held-out', 'training'].map((on) => `predicted-all-right-${on}`),
    ])
    const unsaid = words.filter((word) => !derived.has(word) && !source.includes(`'${word}'`))
    expect(unsaid).toEqual([])
  })

  it('take their parameters as they are', () => {
    expect(wordsIn('en')('run-folder', { folder: '/a/{b}|@c' })).toBe('Folder: /a/{b}|@c')
    expect(wordsIn('zh')('run-folder', { folder: '/a' })).toBe('文件夹：/a')
  })
})

describe('values that are words', () => {
  it('are said in both languages', () => {
    for (const [name, text] of Object.entries(quantitiesZh)) {
      expect(text, name).toMatch(/\p{Script=Han}/u)
      expect(Object.entries(quantitiesEn), name).not.toContainEqual([name, text])
    }
  })
})
