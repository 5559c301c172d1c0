/** `runs`: every run of the data folder. */
import { Command } from 'commander'
import type { RunSummary } from '../../contract/lab'
import type { Desk } from '../command'
import { withDamage } from '../damage'
import { accuracy, moment, size } from '../numbers'
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
  const damage = runs.flatMap((run) => run.damage)
  return withDamage(table(head, rows), damage, language)
}

export function runsCommand({ say, act }: Desk): Command {
  return new Command('runs').description(say('about-runs')).action(
    act(async ({ lab, terminal }) => {
      const runs = await lab.call('runs', {})
      const { program } = terminal
      terminal.answer(runs, runs.length === 0 ? say('no-runs', { program }) : runsText(runs, terminal))
    }),
  )
}
