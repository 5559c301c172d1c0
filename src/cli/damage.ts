/** Adds damage below the table: one sentence per line. */
import type { ErrorMessage } from '../contract/errors'
import type { Language } from '../language/language'
import { sentence } from '../language/sentence'

export function withDamage(table: string, damage: readonly ErrorMessage[], language: Language): string {
  const lines = damage.map((one) => sentence(one, language))
  return lines.length === 0 ? table : `${table}\n\n${lines.join('\n')}`
}
