/** `validators`: how well scores without labels would have chosen among the rounds of runs. */
import { Command } from 'commander'
import type { Validation } from '../../contract/judging'
import { pairings, type Pairing } from '../../contract/pairing'
import type { CommandEnvironment } from '../command'
import { accuracy } from '../numbers'
import { runNamed } from '../run-name'
import { repeatLines } from '../seeds'
import { table } from '../table'
import type { Terminal } from '../terminal'
import { oneOf } from '../values'

interface ValidatorsOptions {
  readonly pairing?: Pairing
}

function textOf({ repeats, checkpoints, validators }: Validation, { say, language }: Terminal): string {
  if (checkpoints.length === 0) return say('no-validators')
  const best = Math.max(...checkpoints.map((one) => one.accuracy))
  const head = [
    say('column-score'),
    say('column-rank-correlation'),
    say('column-regret'),
    say('column-choice'),
    say('column-round'),
  ]
  const rows = validators.map(({ score, correlation, regret, chosen }) => {
    const choice = checkpoints[chosen]
    return [
      say(`measure-${score}`),
      accuracy(correlation),
      accuracy(regret),
      choice?.run ?? '-',
      choice?.round ?? '-',
    ]
  })
  const title = say('validators-of', { count: checkpoints.length, best: accuracy(best) })
  return [title, table(head, rows), ...repeatLines(repeats, language)].join('\n')
}

export function validatorsCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('validators')
    .description(say('about-validators'))
    .argument('<runs...>', say('argument-validated'))
    .option('--pairing <pairing>', say('option-judged-pairing'), oneOf('--pairing', pairings))
    .action(
      withLab(async ({ lab, terminal }, runs: string[], options: ValidatorsOptions) => {
        const validation = await lab.call('validators', { runs: runs.map(runNamed), ...options })
        terminal.answer(validation, textOf(validation, terminal))
      }),
    )
}
