/** `runs`: every run of the data folder. */
import { Command } from 'commander'
import type { RunSummary } from '../../contract/lab'
import type { Say } from '../../language/words'
import type { Desk } from '../command'
import { accuracy, moment, size } from '../numbers'
import { table } from '../table'

export function runsText(runs: readonly RunSummary[], say: Say): string {
  const head = [
    say('column-run'),
    say('column-name'),
    say('column-created'),
    say('column-state'),
    say('column-method'),
    say('column-rounds'),
    say('column-source'),
    say('column-before'),
    say('column-target'),
    say('column-best'),
    say('column-size'),
  ]
  const rows = runs.map((run) => [
    run.id,
    run.name,
    moment(run.created),
    say(`state-${run.state}`),
    run.method,
    `${String(run.rounds)}/${String(run.epochs)}`,
    accuracy(run.sourceAccuracy),
    accuracy(run.targetAccuracyBefore),
    accuracy(run.targetAccuracy),
    accuracy(run.targetAccuracyBestPairing),
    size(run.bytes),
  ])
  return table(head, rows)
}

/** One line a run that ended without its last word: power was lost, or its process was killed. */
export function interruptedText(runs: readonly RunSummary[], say: Say, program: string): string {
  return runs
    .filter(({ state }) => state === 'interrupted')
    .map(({ id, rounds, epochs }) => say('interrupted-run', { program, run: id, rounds, epochs }))
    .join('\n')
}

export function runsCommand({ say, act }: Desk): Command {
  return new Command('runs').description(say('about-runs')).action(
    act(async ({ lab, terminal }) => {
      const runs = await lab.call('runs', {})
      const { program } = terminal
      const parts = [runsText(runs, say), interruptedText(runs, say, program)].filter((part) => part !== '')
      terminal.answer(runs, runs.length === 0 ? say('no-runs', { program }) : parts.join('\n'))
    }),
  )
}
