/** `datasets`: lists the datasets and imports new ones. */
import { Command } from 'commander'
import { labError } from '../../contract/errors'
import type { DatasetSummary } from '../../contract/dataset'
import { type Choices, type Layout, layouts, noChoices } from '../../contract/reading'
import { noteSentence } from '../../language/sentence'
import type { Say } from '../../language/words'
import type { CommandEnvironment, CommandContext } from '../command'
import { table } from '../table'
import { arrayNames, oneOf } from '../values'

interface DatasetsOptions {
  readonly import?: string
  readonly name?: string
  readonly skipUndecodable?: true
  readonly arrays?: Choices['arrays']
  readonly layout?: Layout
  readonly stretch?: true
  readonly subset?: string
  readonly labelColumn?: string
  readonly replace?: true
}

/** Images by split of the original partition; the pooled one contains the same images. */
function splitsOf({ counts }: DatasetSummary): [split: string, count: number][] {
  const prefix = 'original/'
  return Object.entries(counts)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, count]) => [key.slice(prefix.length), count])
}

function countsText(dataset: DatasetSummary): string {
  return splitsOf(dataset)
    .map(([split, count]) => `${split} ${String(count)}`)
    .join(', ')
}

/** `28x28x1`, or the number of values of a vector. */
function shapeText({ width, height, channels, length }: DatasetSummary, say: Say): string {
  if (length !== null) return String(length)
  if (width === null) return say('sizes-differ')
  return `${String(width)}x${String(height)}x${String(channels)}`
}

function textOf(datasets: readonly DatasetSummary[], say: Say): string {
  const head = [say('column-name'), say('column-title'), say('column-images'), say('column-size')]
  const rows = datasets.map((dataset) => [
    dataset.id,
    dataset.title,
    countsText(dataset),
    shapeText(dataset, say),
  ])
  const classes = datasets.map(({ classNames }) => classNames.join(', '))
  return table(
    [...head, say('column-classes')],
    rows.map((row, index) => [...row, classes[index] ?? '']),
  )
}

async function list({ lab, terminal }: CommandContext): Promise<void> {
  const datasets = await lab.call('datasets', {})
  terminal.answer(datasets, textOf(datasets, terminal.say))
}

const choicesOf = (options: DatasetsOptions): Choices => ({
  ...noChoices,
  skipUndecodable: options.skipUndecodable === true,
  arrays: options.arrays ?? noChoices.arrays,
  layout: options.layout ?? null,
  stretch: options.stretch === true,
  set: options.subset ?? null,
  labelColumn: options.labelColumn ?? null,
})

async function bring(
  { lab, terminal }: CommandContext,
  path: string,
  options: DatasetsOptions,
): Promise<void> {
  if (options.name === undefined) {
    throw labError('missing-argument', { name: '--name NAME', command: 'datasets --import' })
  }
  const dataset = await lab.call('importDataset', {
    path,
    name: options.name,
    choices: choicesOf(options),
    replace: options.replace === true,
  })
  const count = splitsOf(dataset).reduce((sum, [, images]) => sum + images, 0)
  const facts = { name: dataset.id, count }
  const classes = dataset.classNames.length
  const lines = [
    classes === 0
      ? terminal.say('imported-unlabelled', facts)
      : terminal.say('imported-dataset', { ...facts, classes }),
  ]
  if (dataset.reduced > 0) lines.push(terminal.say('imported-reduced', { count: dataset.reduced }))
  lines.push(...dataset.notes.map((note) => noteSentence(note, terminal.language)))
  terminal.answer(dataset, lines.join('\n'))
}

export function datasetsCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('datasets')
    .description(say('about-datasets'))
    .option('--import <path>', say('option-import'))
    .option('--name <name>', say('option-dataset-name'))
    .option('--skip-undecodable', say('option-skip-undecodable'))
    .option('--arrays <names>', say('option-arrays'), arrayNames('--arrays'))
    .option(
      '--layout <layout>',
      say('option-layout', { layouts: layouts.join(', ') }),
      oneOf('--layout', layouts),
    )
    .option('--stretch', say('option-stretch'))
    .option('--subset <name>', say('option-subset'))
    .option('--label-column <name>', say('option-label-column'))
    .option('--replace', say('option-replace'))
    .action(
      withLab(async (context, options: DatasetsOptions) =>
        options.import === undefined ? list(context) : bring(context, options.import, options),
      ),
    )
}
