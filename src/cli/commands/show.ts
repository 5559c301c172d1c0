/** `show`: describes the content of a checkpoint file. */
import { Command } from 'commander'
import type { CommandOutput } from '../../contract/lab'
import { sourceJudgeOf } from '../../contract/source-judge'
import { plainLine } from '../../contract/plain'
import type { Say } from '../../language/words'
import type { CommandEnvironment } from '../command'
import { withDamage } from '../damage'
import { domainText } from '../domain-text'
import { accuracy, moment, size } from '../numbers'
import { labelFreeRows } from '../outcome'
import { pairs, table } from '../table'
import type { Terminal } from '../terminal'
import { estimateLines } from '../without-labels'

type Shown = CommandOutput<'show'>

function factsText({ facts }: Shown, say: Say): string[] {
  if (facts === null) return []
  const { run, round, created, measures } = facts
  const { source, target, adaptation } = facts.experiment
  const { method } = adaptation
  const when = say('facts-run', {
    run,
    round: `${say('column-round')} ${round === null ? say('round-source-stage') : String(round)}`,
    created: moment(created),
  })
  const domains = pairs([
    [say('facts-source'), domainText(source, say)],
    [say('facts-target'), domainText(target, say)],
  ])
  if (measures === null) return [when, domains]
  return [
    when,
    domains,
    pairs([
      [say(`measure-source-${sourceJudgeOf(measures, method)}`), accuracy(measures.source.accuracy)],
      [say('measure-target'), accuracy(measures.target?.accuracy ?? null)],
      [say('measure-best'), accuracy(measures.target?.accuracyBestPairing ?? null)],
      [say('measure-unseen'), accuracy(measures.unseenTarget?.accuracy ?? null)],
      ...labelFreeRows(measures.labelFree, say).map(([name, value]): [string, string] => [
        name,
        accuracy(value),
      ]),
    ]),
    ...estimateLines(measures.estimate, say),
  ]
}

function textOf(path: string, shown: Shown, { say, language }: Pick<Terminal, 'say' | 'language'>): string {
  const head = [say('column-tensor'), say('column-shape'), say('column-type')]
  const rows = shown.tensors.map(({ name, shape, dtype }) => [name, shape.join(' x '), dtype])
  return [
    `${plainLine(path)}  ${size(shown.bytes)}`,
    say(shown.origin === 'verified' ? 'origin-verified' : 'origin-foreign'),
    ...factsText(shown, say),
    withDamage(table(head, rows), shown.damage === null ? [] : [shown.damage], language),
  ].join('\n')
}

export function showCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('show')
    .description(say('about-show'))
    .argument('<path>', say('argument-checkpoint'))
    .action(
      withLab(async ({ lab, terminal }, path: string) => {
        const shown = await lab.call('show', { path })
        terminal.answer(shown, textOf(path, shown, terminal))
      }),
    )
}
