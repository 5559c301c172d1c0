/** The settings in which runs differ, one column a run. */
import type { CommandOutput } from '../contract/lab'
import type { Say } from '../language/words'
import { table } from './table'

/** A value as a config file would have it; a dash where the run has no such setting. */
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
