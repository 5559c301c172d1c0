/** `run`: train an experiment, once or with several seeds one after another. */
import { Command } from 'commander'
import { applySettings, type SettingText } from '../../contract/check'
import { labError } from '../../contract/errors'
import type { Lab } from '../../contract/lab'
import type { Desk, Room } from '../command'
import { readConfig } from '../config'
import { Interrupted } from '../interrupt'
import { duration } from '../numbers'
import { outcomeOf, outcomeText, type Outcome } from '../outcome'
import { presetNamed } from '../preset'
import { seedsText } from '../seeds'
import { settingIn } from '../settings'
import { train } from '../train'
import { wholeNumber } from '../values'

interface RunOptions {
  readonly preset?: string
  readonly config?: string
  readonly set?: readonly string[]
  readonly rounds?: string
  readonly seed?: string
  readonly seeds?: number
  readonly name?: string
}

const mostSeeds = 1000

async function baseOf(lab: Lab, { preset, config }: RunOptions): Promise<object> {
  if (preset !== undefined && config !== undefined) {
    throw labError('exclusive-options', { first: '--preset', second: '--config' })
  }
  if (preset !== undefined) return presetNamed(await lab.call('presets', {}), preset).experiment
  if (config !== undefined) return readConfig(config)
  throw labError('missing-argument', { name: '--preset ID / --config FILE', command: 'run' })
}

/** The options that stand for a setting come after `--set`, so that they win. */
function settingsOf({ set = [], rounds, seed, name }: RunOptions): SettingText[] {
  const settings = set.map(settingIn)
  if (rounds !== undefined) settings.push(['adaptation.epochs', rounds])
  if (seed !== undefined) settings.push(['seed', seed])
  if (name !== undefined) settings.push(['name', name])
  return settings
}

async function experimentOf(lab: Lab, options: RunOptions): Promise<unknown> {
  return applySettings(await baseOf(lab, options), settingsOf(options), await lab.call('methods', {}))
}

export async function trainOne({ lab, terminal }: Room, experiment: unknown): Promise<Outcome> {
  const { run, ending } = await train(lab, terminal, () => lab.call('start', { experiment }))
  const outcome = await outcomeOf(lab, run)
  if (ending === 'finished') {
    terminal.note(terminal.say('run-finished', { rounds: outcome.rounds, time: duration(outcome.seconds) }))
  }
  return outcome
}

/** Says how to go on where a person stopped, and ends the command with exit code 130. */
export function leaveStopped({ terminal }: Room, { id }: Outcome): never {
  terminal.note(terminal.say('run-stopped', { command: `${terminal.program} resume ${id}` }))
  throw new Interrupted()
}

async function runOnce(room: Room, experiment: unknown): Promise<void> {
  const outcome = await trainOne(room, experiment)
  room.terminal.answer(outcome, outcomeText(outcome, room.terminal.say))
  if (outcome.state === 'stopped') leaveStopped(room, outcome)
}

async function runSeeds(room: Room, experiment: unknown, count: number): Promise<void> {
  const { lab, terminal } = room
  const checked = await lab.call('check', { experiment })
  const outcomes: Outcome[] = []
  for (let index = 0; index < count; index += 1) {
    const seed = checked.seed + index
    terminal.note(terminal.say('run-seed', { number: index + 1, count, seed }))
    const outcome = await trainOne(room, { ...checked, seed, name: `${checked.name} (${String(seed)})` })
    outcomes.push(outcome)
    if (outcome.state === 'stopped') break
  }
  const card = await lab.call('card', { runs: outcomes.map(({ id }) => id) })
  const { camps, images, target, bestPairing, unseen, unseenBest } = card
  const summary = { camps, images, target, bestPairing, unseen, unseenBest }
  terminal.answer({ seeds: outcomes, summary }, seedsText(card, terminal.say))
  const last = outcomes[outcomes.length - 1]
  if (last?.state === 'stopped') leaveStopped(room, last)
}

export function runCommand({ say, act }: Desk): Command {
  return new Command('run')
    .description(say('about-run'))
    .option('--preset <id>', say('option-preset'))
    .option('--config <file>', say('option-config'))
    .option('--set <key=value...>', say('option-set'))
    .option('--rounds <n>', say('option-rounds'))
    .option('--seed <n>', say('option-seed'))
    .option('--seeds <n>', say('option-seeds'), wholeNumber('--seeds', 1, mostSeeds))
    .option('--name <name>', say('option-name'))
    .action(
      act(async (room, options: RunOptions) => {
        const experiment = await experimentOf(room.lab, options)
        return options.seeds === undefined
          ? runOnce(room, experiment)
          : runSeeds(room, experiment, options.seeds)
      }),
    )
}
