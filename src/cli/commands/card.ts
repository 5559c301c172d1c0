/** `card`: what to quote of a run, or of several seeds of one experiment. */
import { Command } from 'commander'
import type { Card } from '../../contract/lab'
import type { Say } from '../../language/words'
import type { Desk } from '../command'
import { accuracy } from '../numbers'
import { runNamed } from '../run-name'
import { spreadText } from '../seeds'
import { table } from '../table'

function textOf(card: Card, say: Say): string {
  const { experiment, runs, camps, target, bestPairing, unseen, latex, bibtex } = card
  const head = [
    say('column-run'),
    say('column-seed'),
    say('column-before'),
    say('column-target'),
    say('column-best'),
    say('column-unseen'),
  ]
  const rows = runs.map((one) => [
    one.run,
    one.seed,
    accuracy(one.before),
    accuracy(one.target),
    accuracy(one.bestPairing),
    accuracy(one.unseen),
  ])
  const mean = [
    say('mean-deviation'),
    '',
    '',
    spreadText(target),
    spreadText(bestPairing),
    spreadText(unseen),
  ]
  const interval = [
    say('images-interval'),
    '',
    '',
    ...[target, bestPairing, unseen].map((spread) => accuracy(spread?.interval ?? null)),
  ]
  const fell = say('seeds-done', { ...camps, count: runs.length })
  return [
    experiment.name,
    `${table(head, [...rows, mean, interval])}\n${fell}`,
    latex,
    bibtex,
    JSON.stringify(experiment, null, 2),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

export function cardCommand({ say, act }: Desk): Command {
  return new Command('card')
    .description(say('about-card'))
    .argument('<runs...>', say('argument-card'))
    .action(
      act(async ({ lab, terminal }, runs: string[]) => {
        const card = await lab.call('card', { runs: runs.map(runNamed) })
        terminal.answer(card, textOf(card, terminal.say))
      }),
    )
}
