/** `card`: the figures and references to quote for a run, or for several seeds of one experiment. */
import { Command } from 'commander'
import type { Card } from '../../contract/judging'
import { plainLine } from '../../contract/plain'
import type { CommandEnvironment } from '../command'
import { runNamed } from '../run-name'
import { seedsText } from '../seeds'
import type { Terminal } from '../terminal'

function textOf(card: Card, terminal: Terminal): string {
  const { experiment, latex, bibtex } = card
  return [
    plainLine(experiment.name),
    seedsText(card, terminal),
    latex,
    bibtex,
    JSON.stringify(experiment, null, 2),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

export function cardCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('card')
    .description(say('about-card'))
    .argument('<runs...>', say('argument-card'))
    .action(
      withLab(async ({ lab, terminal }, runs: string[]) => {
        const card = await lab.call('card', { runs: runs.map(runNamed) })
        terminal.answer(card, textOf(card, terminal))
      }),
    )
}
