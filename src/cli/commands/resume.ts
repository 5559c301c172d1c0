/** `resume`: continues a run from where it stopped, from an earlier round, or with other settings. */
import { Command } from 'commander'
import type { CommandEnvironment } from '../command'
import { outcomeOf, outcomeText } from '../outcome'
import { runNamed } from '../run-name'
import { settingIn } from '../settings'
import { train } from '../train'
import { wholeNumber } from '../values'
import { leaveStopped } from './run'

interface ResumeOptions {
  readonly round?: number
  readonly rounds?: number
  readonly set?: readonly string[]
}

const maxRounds = 100_000

function changesOf(set: readonly string[]): Record<string, unknown> | undefined {
  if (set.length === 0) return undefined
  return Object.fromEntries(set.map(settingIn))
}

export function resumeCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('resume')
    .description(say('about-resume'))
    .argument('<run>', say('argument-run'), runNamed)
    .option('--round <n>', say('option-round'), wholeNumber('--round', 0, maxRounds))
    .option('--rounds <n>', say('option-rounds'), wholeNumber('--rounds', 1, maxRounds))
    .option('--set <key=value...>', say('option-set'))
    .action(
      withLab(async (context, run: string, { round, rounds, set = [] }: ResumeOptions) => {
        const { lab, terminal } = context
        const changes = changesOf(set)
        const trained = await train(lab, terminal, () => lab.call('resume', { run, round, rounds, changes }))
        const outcome = await outcomeOf(lab, trained.run)
        terminal.answer(outcome, outcomeText(outcome, terminal))
        if (trained.ending === 'stopped') leaveStopped(context, outcome)
      }),
    )
}
