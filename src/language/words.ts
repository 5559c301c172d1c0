/** The terminal's texts in one language, type-checked for their parameters. */
import { translate } from '@intlify/core'
import { contextIn } from './contexts'
import type { Language } from './language'
import { plainLine } from '../contract/plain'
import type { PlaceholdersOf } from './sentences'
import { terminalEn, type TerminalWord } from './terminal.en'
import { terminalZh } from './terminal.zh'

type Parameters<K extends TerminalWord> = PlaceholdersOf<(typeof terminalEn)[K]>

export type Say = <K extends TerminalWord>(
  key: K,
  ...parameters: [Parameters<K>] extends [never] ? [] : [Readonly<Record<Parameters<K>, string | number>>]
) => string

const tables = { en: terminalEn, zh: terminalZh }

/** Makes parameters plain: names among them may come from a file. */
function plain(parameters: Readonly<Record<string, string | number>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'string' ? plainLine(value) : value,
    ]),
  )
}

export function wordsIn(language: Language): Say {
  const context = contextIn(language, tables[language])
  return (key, ...parameters) => {
    const text = translate(context, key, plain(parameters[0] ?? {}))
    return typeof text === 'string' ? text : key
  }
}
