/** `evaluate`: measures a checkpoint on the images of any domain. */
import { Command } from 'commander'
import type { Domain } from '../../contract/experiment'
import type { Contrast, Evaluation } from '../../contract/judging'
import type { Say } from '../../language/words'
import type { CommandEnvironment } from '../command'
import { accuracy, interval as ends } from '../numbers'
import { pairs, table } from '../table'
import type { Terminal } from '../terminal'
import { classNames, imageCount, oneOf, wholeNumbers } from '../values'

interface EvaluateOptions {
  readonly dataset?: string
  readonly partition?: 'original' | 'pooled'
  readonly split?: 'train' | 'test'
  readonly classes?: string[]
  readonly pairing?: number[]
  readonly count?: number | 'all'
  readonly encoder?: 'target' | 'source'
  readonly against?: string
}

function measuredOn({ dataset, split, classes }: Domain, say: Say): string {
  return say('evaluate-on', { dataset, split, classes: classes.join(', ') })
}

/** Both pairings; no rows if they are the same. */
function pairingRows({ pairings: [first, second] }: Contrast, say: Say): [string, string][] {
  if (first.join() === second.join()) return []
  return [
    [say('contrast-pairing'), first.join(', ')],
    [say('contrast-pairing-against'), second.join(', ')],
  ]
}

function contrastText(contrast: Contrast, { say, program }: Terminal): string {
  const { domain, count, accuracies, difference, low, high, onlyFirst, onlySecond, p } = contrast
  const measured = pairs([
    [say('measure-accuracy'), accuracy(accuracies[0])],
    [say('contrast-against'), accuracy(accuracies[1])],
    ...pairingRows(contrast, say),
    [say('contrast-difference'), `${accuracy(difference)} (${ends({ low, high })})`],
    [say('contrast-only-first'), onlyFirst],
    [say('contrast-only-second'), onlySecond],
    [say('contrast-mcnemar'), p.toPrecision(3)],
    [say('measure-count'), count],
  ])
  return `${measuredOn(domain, say)}\n${measured}\n${say('contrast-of-checkpoints', { program })}`
}

/** The documented keys first; without the misclassified images, which only a window can show. */
function documentOf({ checkpoint, domain, pairing, result, interval }: Evaluation): object {
  return { ...result, interval, checkpoint, domain, pairing }
}

/** `sourceClasses` are the column names; a file of another program does not contain them, so they are numbered. */
function textOf(
  { domain, result, interval }: Evaluation,
  sourceClasses: readonly string[],
  say: Say,
): string {
  const measured = pairs([
    [say('measure-accuracy'), accuracy(result.accuracy)],
    [say('measure-best'), accuracy(result.accuracyBestPairing)],
    [say('measure-interval'), ends(interval)],
    [say('measure-count'), result.count],
  ])
  const columns = result.confusion[0]?.map((_, index) => String(sourceClasses[index] ?? index)) ?? []
  const rows = result.confusion.map((row, index) => [String(domain.classes[index] ?? index), ...row])
  return `${measuredOn(domain, say)}\n${measured}\n${say('confusion-title')}\n${table(['', ...columns], rows)}`
}

export function evaluateCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('evaluate')
    .description(say('about-evaluate'))
    .argument('<checkpoint>', say('argument-checkpoint'))
    .option('--dataset <dataset>', say('option-dataset'))
    .option('--partition <partition>', say('option-partition'), oneOf('--partition', ['original', 'pooled']))
    .option('--split <split>', say('option-split'), oneOf('--split', ['train', 'test']))
    .option('--classes <list>', say('option-classes'), classNames('--classes'))
    .option('--pairing <list>', say('option-pairing'), wholeNumbers('--pairing'))
    .option('--count <n>', say('option-count'), imageCount('--count'))
    .option('--encoder <encoder>', say('option-encoder'), oneOf('--encoder', ['target', 'source']))
    .option('--against <checkpoint>', say('option-against'))
    .action(
      withLab(async ({ lab, terminal }, checkpoint: string, { against, ...options }: EvaluateOptions) => {
        if (against !== undefined) {
          const found = await lab.call('contrast', { checkpoint, against, ...options })
          terminal.answer(found, contrastText(found, terminal))
          return
        }
        const evaluation = await lab.call('evaluate', { checkpoint, ...options })
        const { facts } = await lab.call('show', { path: checkpoint })
        const sourceClasses = facts?.experiment.source.classes ?? []
        terminal.answer(documentOf(evaluation), textOf(evaluation, sourceClasses, say))
      }),
    )
}
