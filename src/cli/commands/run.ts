/** `run`: trains an experiment, once or with several seeds in sequence. */
import { Command } from 'commander'
import {
  changedExperiment,
  experimentAsked,
  settingsOf,
  withExperimentOptions,
  type ExperimentOptions,
} from '../asked'
import type { CommandEnvironment, CommandContext } from '../command'
import { Interrupted } from '../interrupt'
import { labError } from '../../contract/errors'
import { duration } from '../numbers'
import { outcomeOf, outcomeText, type Outcome } from '../outcome'
import { experimentProposed, type ProposalOptions } from '../proposed'
import { eachSeed, seedsText, seedSummary } from '../seeds'
import { train } from '../train'

export async function trainOne({ lab, terminal }: CommandContext, experiment: unknown): Promise<Outcome> {
  const { run, ending } = await train(lab, terminal, () => lab.call('start', { experiment }))
  const outcome = await outcomeOf(lab, run)
  if (ending === 'finished') {
    terminal.note(terminal.say('run-finished', { rounds: outcome.rounds, time: duration(outcome.seconds) }))
  }
  return outcome
}

/** Shows how to continue a stopped run, and ends the command with the exit code of the signal. */
export function leaveStopped({ terminal }: CommandContext, { id }: Outcome): never {
  terminal.note(terminal.say('run-stopped', { command: `${terminal.program} resume ${id}` }))
  throw new Interrupted()
}

async function runOnce(context: CommandContext, experiment: unknown): Promise<void> {
  const outcome = await trainOne(context, experiment)
  context.terminal.answer(outcome, outcomeText(outcome, context.terminal))
  if (outcome.state === 'stopped') leaveStopped(context, outcome)
}

async function runSeeds(context: CommandContext, experiment: unknown, count: number): Promise<void> {
  const { lab, terminal } = context
  const experiments = eachSeed(await lab.call('check', { experiment }), count)
  const outcomes: Outcome[] = []
  for (const [index, one] of experiments.entries()) {
    terminal.note(terminal.say('run-seed', { number: index + 1, count, seed: one.seed }))
    const outcome = await trainOne(context, one)
    outcomes.push(outcome)
    if (outcome.state === 'stopped') break
  }
  const card = await lab.call('card', { runs: outcomes.map(({ id }) => id) })
  terminal.answer({ seeds: outcomes, summary: seedSummary(card) }, seedsText(card, terminal))
  const last = outcomes[outcomes.length - 1]
  if (last?.state === 'stopped') leaveStopped(context, last)
}

type RunOptions = ExperimentOptions & ProposalOptions

/** A preset, a file, or what is proposed for two datasets, with changed settings. */
async function experimentOf(context: CommandContext, options: RunOptions): Promise<unknown> {
  const { source, target, preset, config } = options
  if (source === undefined && target === undefined) return experimentAsked(context.lab, options, 'run')
  const given = preset === undefined ? config && '--config' : '--preset'
  if (given !== undefined)
    throw labError('exclusive-options', { first: '--source / --target', second: given })
  if (source === undefined || target === undefined)
    throw labError('missing-argument', {
      name: source === undefined ? '--source' : '--target',
      command: 'run',
    })
  const proposed = await experimentProposed(context, { source, target })
  return changedExperiment(context.lab, proposed, settingsOf(options))
}

export function runCommand({ say, withLab }: CommandEnvironment): Command {
  return withExperimentOptions(new Command('run').description(say('about-run')), say)
    .option('--source <dataset>', say('option-source'))
    .option('--target <dataset>', say('option-target'))
    .option('--name <name>', say('option-name'))
    .action(
      withLab(async (context, options: RunOptions) => {
        const experiment = await experimentOf(context, options)
        return options.seeds === undefined
          ? runOnce(context, experiment)
          : runSeeds(context, experiment, options.seeds)
      }),
    )
}
