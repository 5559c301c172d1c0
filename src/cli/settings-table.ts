/** The settings in which runs differ, one column per run. */
import type { CommandOutput } from '../contract/lab'
import type { Say } from '../language/words'
import { table } from './table'

/** A value as in a config file; a dash if the run has no such setting. */
function shown(value: unknown): string {
  if (value === null) return '-'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function differencesText(
  differences: CommandOutput<'compare'>['differences'],
  heads: readonly string[],
  say: Say,
): string {
  const rows = differences.map(({ setting, values }) => [setting, ...values.map(shown)])
  return table([say('column-setting'), ...heads], rows)
}
