/** The settings in which experiments differ. */
import type { Experiment } from '../contract/experiment'
import type { CommandOutput } from '../contract/lab'
import type { RunRecord } from '../contract/record'
import { isRecord } from '../contract/schema'

/**
 * Dotted names of the settings that are not equal in all runs, with one value per run (null: it has none). `name` is
 * not a setting.
 */
export function differencesOf(experiments: readonly unknown[]): CommandOutput<'compare'>['differences'] {
  const settings = experiments.map((experiment) => new Map(leavesOf(experiment)))
  const names = new Set(settings.flatMap((one) => [...one.keys()]))
  names.delete('name')
  return [...names]
    .map((setting) => ({ setting, values: settings.map((one) => one.get(setting) ?? null) }))
    .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1)
}

/** The first record, the first other record that differs from it, and the setting; null if all are alike. */
export function firstApart(
  records: readonly Pick<RunRecord, 'id' | 'experiment'>[],
  differenceOf: (a: Experiment, b: Experiment) => string | null,
): { first: string; second: string; setting: string } | null {
  const [first, ...others] = records
  if (first === undefined) return null
  for (const { id, experiment } of others) {
    const setting = differenceOf(first.experiment, experiment)
    if (setting !== null) return { first: first.id, second: id, setting }
  }
  return null
}

/**
 * Lists (classes, shifts) are compared whole: the third shift of one run does not correspond to the third of another.
 */
function leavesOf(value: unknown, prefix = ''): [string, unknown][] {
  if (!isRecord(value)) return [[prefix, value]]
  return Object.entries(value).flatMap(([key, inside]) =>
    // A group that is switched off has no settings.
    inside === null ? [] : leavesOf(inside, prefix === '' ? key : `${prefix}.${key}`),
  )
}
