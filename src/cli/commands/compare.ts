/** `compare`: compares runs, showing only the settings that differ; or two methods by runs with several seeds. */
import { Command } from 'commander'
import { labError } from '../../contract/errors'
import { maxSeedPairs } from '../../contract/judging'
import type { CommandOutput } from '../../contract/lab'
import type { CommandEnvironment, CommandContext } from '../command'
import { runNamed } from '../run-name'
import { repeatLines } from '../seeds'
import { seedContrastText } from '../seed-contrast'
import { differencesText } from '../settings-table'
import type { Terminal } from '../terminal'
import { runsText } from './runs'

const maxRuns = 12

interface CompareOptions {
  readonly against?: string[]
}

function textOf({ runs, differences, repeats }: CommandOutput<'compare'>, terminal: Terminal): string {
  const settings =
    differences.length === 0
      ? terminal.say('no-differences')
      : differencesText(
          differences,
          runs.map(({ id }) => id),
          terminal.say,
        )
  const counted = repeatLines(repeats, terminal.language)
  return [`${settings}\n\n${runsText(runs, terminal)}`, ...counted].join('\n')
}

function requireAtMost(most: number, runs: readonly string[]): void {
  const surplus = runs[most]
  if (surplus !== undefined) throw labError('unexpected-argument', { text: surplus, command: 'compare' })
}

async function sideBySide({ lab, terminal }: CommandContext, runs: string[]): Promise<void> {
  requireAtMost(maxRuns, runs)
  const compared = await lab.call('compare', { runs })
  terminal.answer(compared, textOf(compared, terminal))
}

async function overSeeds(
  { lab, terminal }: CommandContext,
  runs: string[],
  against: string[],
): Promise<void> {
  requireAtMost(maxSeedPairs, runs)
  requireAtMost(maxSeedPairs, against)
  const found = await lab.call('contrastSeeds', { runs, against })
  terminal.answer(found, seedContrastText(found, terminal))
}

export function compareCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('compare')
    .description(say('about-compare'))
    .argument('<runs...>', say('argument-runs'))
    .option('--against <runs...>', say('option-against-runs'))
    .action(async (named: string[], { against }: CompareOptions) => {
      const runs = named.map(runNamed)
      if (against !== undefined)
        return withLab((context) => overSeeds(context, runs, against.map(runNamed)))()
      if (runs.length < 2) throw labError('missing-argument', { name: 'RUNS', command: 'compare' })
      return withLab((context) => sideBySide(context, runs))()
    })
}
