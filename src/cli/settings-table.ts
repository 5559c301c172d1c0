/** The settings in which runs differ, one column per run. */
import type { CommandOutput } from '../contract/lab'
import type { Say } from '../language/words'
import { table } from './table'

/** A value as in a config file, or the number of labels; a dash if the run lacks the setting. */
function shown(setting: string, value: unknown): string {
  if (value === null) return '-'
  if (setting === 'adaptation.labels' && Array.isArray(value)) return String(value.length)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function differencesText(
  differences: CommandOutput<'compare'>['differences'],
  heads: readonly string[],
  say: Say,
): string {
  const rows = differences.map(({ setting, values }) => [
    setting,
    ...values.map((value) => shown(setting, value)),
  ])
  return table([say('column-setting'), ...heads], rows)
}
