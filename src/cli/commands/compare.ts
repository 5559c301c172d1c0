/** `compare`: runs side by side, with only the settings that differ. */
import { Command } from 'commander'
import { labError } from '../../contract/errors'
import type { CommandOutput } from '../../contract/lab'
import type { Desk } from '../command'
import { runNamed } from '../run-name'
import { table } from '../table'
import type { Terminal } from '../terminal'
import { runsText } from './runs'

const mostRuns = 12

/** A value as a config file would have it; a dash where the run has no such setting. */
function shown(value: unknown): string {
  if (value === null) return '-'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function textOf({ runs, differences }: CommandOutput<'compare'>, terminal: Terminal): string {
  const { say } = terminal
  const head = [say('column-setting'), ...runs.map(({ id }) => id)]
  const settings =
    differences.length === 0
      ? say('no-differences')
      : table(
          head,
          differences.map(({ setting, values }) => [setting, ...values.map(shown)]),
        )
  return `${settings}\n\n${runsText(runs, terminal)}`
}

export function compareCommand({ say, act }: Desk): Command {
  return new Command('compare')
    .description(say('about-compare'))
    .argument('<run>', say('argument-run'), runNamed)
    .argument('<runs...>', say('argument-runs'))
    .action(
      act(async ({ lab, terminal }, first: string, more: string[]) => {
        const runs = [first, ...more.map(runNamed)]
        if (runs.length > mostRuns) {
          throw labError('unexpected-argument', { text: runs[mostRuns] ?? '', command: 'compare' })
        }
        const compared = await lab.call('compare', { runs })
        terminal.answer(compared, textOf(compared, terminal))
      }),
    )
}
