/** `runs`: lists the runs in the data folder. */
import { Command } from 'commander'
import type { RunSummary } from '../../contract/run'
import type { CommandEnvironment } from '../command'
import { withDamage } from '../damage'
import type { Say } from '../../language/words'
import { accuracy, estimated, moment, size } from '../numbers'
import { table } from '../table'
import type { Terminal } from '../terminal'

type Speaker = Pick<Terminal, 'say' | 'language'>

export function runsText(runs: readonly RunSummary[], { say, language }: Speaker): string {
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
    say('column-estimated'),
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
    estimated(run.estimatedAccuracy),
    size(run.bytes),
  ])
  const damage = runs.flatMap((run) => run.damage)
  return withDamage(table(head, rows), damage, language)
}

/** One line for each run that ended without its final event: power was lost, or its process was killed. */
export function interruptedText(runs: readonly RunSummary[], say: Say, program: string): string {
  return runs
    .filter(({ state }) => state === 'interrupted')
    .map(({ id, rounds, epochs }) => say('interrupted-run', { program, run: id, rounds, epochs }))
    .join('\n')
}

export function runsCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('runs').description(say('about-runs')).action(
    withLab(async ({ lab, terminal }) => {
      const runs = await lab.call('runs', {})
      const { program } = terminal
      const parts = [runsText(runs, terminal), interruptedText(runs, say, program)]
      const text = parts.filter((part) => part !== '').join('\n')
      terminal.answer(runs, runs.length === 0 ? say('no-runs', { program }) : text)
    }),
  )
}
