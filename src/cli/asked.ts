/** The experiment given on a command line: a preset or a file, with changed settings. */
import type { Command } from 'commander'
import { applySettings, type SettingChange, type SettingText } from '../contract/check'
import { labError } from '../contract/errors'
import type { DatasetSummary } from '../contract/dataset'
import type { Lab } from '../contract/lab'
import { knownName } from '../contract/known-name'
import { valueAt } from '../contract/schema'
import type { Say } from '../language/words'
import { readConfig } from './config'
import { presetNamed } from './preset'
import { settingIn } from './settings'
import { wholeNumber } from './values'

export interface ExperimentOptions {
  readonly preset?: string
  readonly config?: string
  readonly set?: readonly string[]
  readonly rounds?: string
  readonly seed?: string
  readonly seeds?: number
  readonly name?: string
}

const maxSeeds = 1000

/** Adds the options for choosing an experiment, the same for every command that trains one. */
export function withExperimentOptions(command: Command, say: Say): Command {
  return command
    .option('--preset <id>', say('option-preset'))
    .option('--config <file>', say('option-config'))
    .option('--set <key=value...>', say('option-set'))
    .option('--rounds <n>', say('option-rounds'))
    .option('--seed <n>', say('option-seed'))
    .option('--seeds <n>', say('option-seeds'), wholeNumber('--seeds', 1, maxSeeds))
}

/** The experiment before any setting is changed; null if neither preset nor file is given. */
export async function givenExperiment(
  lab: Lab,
  { preset, config }: ExperimentOptions,
): Promise<object | null> {
  if (preset !== undefined && config !== undefined) {
    throw labError('exclusive-options', { first: '--preset', second: '--config' })
  }
  if (preset !== undefined) return presetNamed(await lab.call('presets', {}), preset).experiment
  return config === undefined ? null : readConfig(config)
}

/** Options for a single setting are applied after `--set`, so they take precedence. */
export function settingsOf({ set = [], rounds, seed, name }: ExperimentOptions): SettingText[] {
  const settings = set.map(settingIn)
  if (rounds !== undefined) settings.push(['adaptation.epochs', rounds])
  if (seed !== undefined) settings.push(['seed', seed])
  if (name !== undefined) settings.push(['name', name])
  return settings
}

type NamedClasses = Pick<DatasetSummary, 'id' | 'classNames'>

/** Whether two datasets are known to have the same classes. */
function haveSameClasses(one: unknown, other: unknown, datasets: readonly NamedClasses[]): boolean {
  const ids = datasets.map(({ id }) => id)
  const [a, b] = [one, other].map((name) => {
    const id = knownName(String(name), ids)
    return datasets.find((dataset) => dataset.id === id)?.classNames
  })
  return a !== undefined && b !== undefined && a.length === b.length && a.every((name) => b.includes(name))
}

/**
 * What to change first if the settings replace a dataset by one with other classes: the listed classes and the pairing
 * belonged to the previous dataset, so every new dataset gives all its classes, and they are paired by name. The
 * settings themselves come after and may say otherwise.
 */
export function withoutStaleClasses(
  experiment: object,
  settings: readonly SettingChange[],
  datasets: readonly NamedClasses[],
): SettingText[] {
  const given = new Map(settings)
  const replaced = (['source', 'target'] as const)
    .map((role) => ({
      role,
      before: valueAt(experiment, [role, 'dataset']),
      after: given.get(`${role}.dataset`),
    }))
    .filter(({ before, after }) => after !== undefined && before !== undefined && after !== before)
  if (replaced.every(({ before, after }) => haveSameClasses(before, after, datasets))) return []
  return [...replaced.map(({ role }): SettingText => [`${role}.classes`, 'all']), ['pairing', 'names']]
}

/** The experiment with the given settings, without what belonged to a dataset that they replace. */
export async function changedExperiment(
  lab: Lab,
  experiment: object,
  settings: readonly SettingChange[],
): Promise<unknown> {
  const stale = withoutStaleClasses(experiment, settings, await lab.call('datasets', {}))
  return applySettings(experiment, [...stale, ...settings], await lab.call('methods', {}))
}

export async function experimentAsked(
  lab: Lab,
  options: ExperimentOptions,
  command: string,
): Promise<unknown> {
  const given = await givenExperiment(lab, options)
  if (given === null) throw labError('missing-argument', { name: '--preset ID / --config FILE', command })
  return changedExperiment(lab, given, settingsOf(options))
}
