/** The experiment given on a command line: a preset or a file, with changed settings. */
import type { Command } from 'commander'
import { applySettings, type SettingText } from '../contract/check'
import { labError } from '../contract/errors'
import type { Lab } from '../contract/lab'
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

export async function experimentAsked(
  lab: Lab,
  options: ExperimentOptions,
  command: string,
): Promise<unknown> {
  const given = await givenExperiment(lab, options)
  if (given === null) throw labError('missing-argument', { name: '--preset ID / --config FILE', command })
  return applySettings(given, settingsOf(options), await lab.call('methods', {}))
}
