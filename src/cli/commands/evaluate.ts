/** `evaluate`: measures a checkpoint on the images of any domain. */
import { Command } from 'commander'
import { pixelsSchema, type Domain, type Experiment, type Pixels } from '../../contract/experiment'
import type { Contrast, Evaluation } from '../../contract/judging'
import { useInTraining } from '../../contract/use-in-training'
import type { Language } from '../../language/language'
import { useSentences } from '../../language/use-in-training'
import type { Say } from '../../language/words'
import type { CommandEnvironment } from '../command'
import { domainText, pairingText, sourceName } from '../domain-text'
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
  readonly pixels?: Pixels
}

/** The experiment of each checkpoint; null for the file of another program. */
type Experiments = readonly [Experiment | null, Experiment | null]

const sourceClassesOf = (experiment: Experiment | null): readonly string[] => experiment?.source.classes ?? []

/** Both pairings; no rows if they are the same. */
function pairingRows({ domain, pairings }: Contrast, experiments: Experiments, say: Say): [string, string][] {
  const [first, second] = pairings.map((pairing, index) =>
    pairingText(domain.classes, sourceClassesOf(experiments[index] ?? null), pairing),
  )
  if (first === undefined || second === undefined || first === second) return []
  return [
    [say('contrast-pairing'), first],
    [say('contrast-pairing-against'), second],
  ]
}

/** Whether training used these samples; no line if it did not. */
function useLines(
  { dataset, partition, split, classes }: Domain,
  experiment: Experiment | null,
  language: Language,
) {
  if (experiment === null) return []
  const use = useInTraining(experiment, { dataset, part: `${partition}/${split}`, classes })
  return use === null ? [] : [useSentences[language][use]]
}

function contrastText(
  contrast: Contrast,
  experiments: Experiments,
  { say, program, language }: Terminal,
): string {
  const { domain, count, accuracies, difference, low, high, onlyFirst, onlySecond, p } = contrast
  const measured = pairs([
    [say('measure-accuracy'), accuracy(accuracies[0])],
    [say('contrast-against'), accuracy(accuracies[1])],
    ...pairingRows(contrast, experiments, say),
    [say('contrast-difference'), `${accuracy(difference)} (${ends({ low, high })})`],
    [say('contrast-only-first'), onlyFirst],
    [say('contrast-only-second'), onlySecond],
    [say('contrast-mcnemar'), p.toPrecision(3)],
    [say('measure-count'), count],
  ])
  return [
    domainText(domain, say),
    ...useLines(domain, experiments[0], language),
    measured,
    say('contrast-of-checkpoints', { program }),
  ].join('\n')
}

/** The documented keys first; without the misclassified images, which only a window can show. */
function documentOf({ checkpoint, domain, pairing, result, interval }: Evaluation): object {
  return { ...result, interval, checkpoint, domain, pairing }
}

function textOf(
  { domain, result, interval }: Evaluation,
  experiment: Experiment | null,
  { say, language }: Terminal,
): string {
  const measured = pairs([
    [say('measure-accuracy'), accuracy(result.accuracy)],
    [say('measure-best'), accuracy(result.accuracyBestPairing)],
    [say('measure-interval'), ends(interval)],
    [say('measure-count'), result.count],
  ])
  const columns = result.confusion[0]?.map((_, index) => sourceName(sourceClassesOf(experiment), index)) ?? []
  const rows = result.confusion.map((row, index) => [String(domain.classes[index] ?? index), ...row])
  return [
    domainText(domain, say),
    ...useLines(domain, experiment, language),
    measured,
    say('confusion-title'),
    table(['', ...columns], rows),
  ].join('\n')
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
    .option('--pixels <scaling>', say('option-pixels'), oneOf('--pixels', pixelsSchema.options))
    .action(
      withLab(async ({ lab, terminal }, checkpoint: string, { against, ...options }: EvaluateOptions) => {
        const experimentIn = async (path: string) =>
          (await lab.call('show', { path })).facts?.experiment ?? null
        if (against !== undefined) {
          const found = await lab.call('contrast', { checkpoint, against, ...options })
          const experiments = [await experimentIn(checkpoint), await experimentIn(against)] as const
          terminal.answer(found, contrastText(found, experiments, terminal))
          return
        }
        const evaluation = await lab.call('evaluate', { checkpoint, ...options })
        const experiment = await experimentIn(checkpoint)
        terminal.answer(documentOf(evaluation), textOf(evaluation, experiment, terminal))
      }),
    )
}
