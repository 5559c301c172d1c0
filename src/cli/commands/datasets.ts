/** `datasets`: lists the datasets and the formats, shows what a file or folder holds, and imports new datasets. */
import { Command } from 'commander'
import type { DatasetSummary, Preview } from '../../contract/dataset'
import { labError } from '../../contract/errors'
import type { FormatSummary } from '../../contract/format'
import type { Choices } from '../../contract/reading'
import type { Language } from '../../language/language'
import type { Say } from '../../language/words'
import type { CommandContext, CommandEnvironment } from '../command'
import { noteLines } from '../note-lines'
import { withReadingBar } from '../reading-bar'
import { choicesOf, type ReadingOptions, withReadingOptions } from '../reading-options'
import { pairs, table } from '../table'

interface DatasetsOptions extends ReadingOptions {
  readonly skipUndecodable?: true
  readonly formats?: true
  readonly preview?: string
  readonly import?: string
  readonly name?: string
  readonly replace?: true
}

function choicesIn({ skipUndecodable, ...options }: DatasetsOptions): Choices {
  return { ...choicesOf(options), skipUndecodable: skipUndecodable === true }
}

const original = 'original/'

/** Images by split of the original partition; the pooled one contains the same images. */
function splitsOf({ counts }: DatasetSummary): [split: string, count: number][] {
  return Object.entries(counts)
    .filter(([key]) => key.startsWith(original))
    .map(([key, count]) => [key.slice(original.length), count])
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

function formatsText(formats: readonly FormatSummary[], language: Language, say: Say): string {
  const head = [say('column-format'), say('column-endings'), say('column-meaning')]
  const rows = formats.map(({ title, endings, help }) => [
    title[language],
    endings.map((ending) => `.${ending}`).join(' '),
    help[language],
  ])
  return table(head, rows)
}

async function listFormats({ lab, terminal }: CommandContext): Promise<void> {
  const formats = await lab.call('formats', {})
  terminal.answer(formats, formatsText(formats, terminal.language, terminal.say))
}

/** What was done to the files, one sentence a line. */
function notesText({ reduced, notes }: DatasetSummary, terminal: CommandContext['terminal']): string[] {
  const smaller = reduced > 0 ? [terminal.say('imported-reduced', { count: reduced })] : []
  return [...smaller, ...noteLines(notes, terminal)]
}

/** `28`, or `16-320` if the images differ. */
const lengths = ({ least, most }: { readonly least: number; readonly most: number }): string =>
  least === most ? String(least) : `${String(least)}-${String(most)}`

function sampleText({ sizes, summary: { length, channels } }: Preview, say: Say): string {
  if (sizes === null) return say('preview-length', { length: length ?? 0 })
  const size = { width: lengths(sizes.width), height: lengths(sizes.height) }
  return say(channels === 3 ? 'preview-colour' : 'preview-grey', size)
}

/** Number of samples of each class in each split, and of those without a label. */
function classesTable({ summary }: Preview, say: Say): string {
  const { classNames, classCounts } = summary
  const splits = splitsOf(summary)
  const columns = splits.map(([split, all]) => {
    const counts = classNames.map((_, label) => classCounts[original + split]?.[label] ?? 0)
    return [...counts, all - counts.reduce((sum, count) => sum + count, 0)]
  })
  const rows = [...classNames, say('preview-unlabelled')].map((name, row) => [
    name,
    ...columns.map((column) => column[row] ?? 0),
  ])
  const isLabelled = columns.every((column) => column[classNames.length] === 0)
  return table(
    [say('column-class'), ...splits.map(([split]) => split)],
    isLabelled ? rows.slice(0, -1) : rows,
  )
}

async function preview(context: CommandContext, path: string, options: ReadingOptions): Promise<void> {
  const { lab, terminal } = context
  const { say, language } = terminal
  const order = { path, choices: choicesIn(options) }
  const [formats, seen] = await Promise.all([
    lab.call('formats', {}),
    withReadingBar(lab, terminal, path, () => lab.call('previewDataset', order)),
  ])
  const { format, summary, sizes } = seen
  const title = formats.find(({ id }) => id === format)?.title[language] ?? format
  const facts = pairs([
    [say('column-format'), title],
    [say('column-samples'), countsText(summary)],
    [say('column-size'), sampleText(seen, say)],
    [say('column-classes'), summary.classNames.length],
  ])
  const text = [facts, classesTable(seen, say), ...notesText(summary, terminal), say('preview-kept-nothing')]
  // Pictures are of no use in a terminal.
  terminal.answer({ format, sizes, summary }, text.join('\n'))
}

async function bring(context: CommandContext, path: string, options: DatasetsOptions): Promise<void> {
  const { lab, terminal } = context
  const { name } = options
  if (name === undefined) {
    throw labError('missing-argument', { name: '--name NAME', command: 'datasets --import' })
  }
  const order = { path, name, choices: choicesIn(options), replace: options.replace === true }
  const dataset = await withReadingBar(lab, terminal, path, () => lab.call('importDataset', order))
  const count = splitsOf(dataset).reduce((sum, [, images]) => sum + images, 0)
  const facts = { name: dataset.id, count }
  const classes = dataset.classNames.length
  const done =
    classes === 0
      ? terminal.say('imported-unlabelled', facts)
      : terminal.say('imported-dataset', { ...facts, classes })
  terminal.answer(dataset, [done, ...notesText(dataset, terminal)].join('\n'))
}

function work(context: CommandContext, options: DatasetsOptions): Promise<void> {
  if (options.preview !== undefined && options.import !== undefined) {
    throw labError('exclusive-options', { first: '--preview', second: '--import' })
  }
  if (options.preview !== undefined) return preview(context, options.preview, options)
  if (options.import !== undefined) return bring(context, options.import, options)
  return options.formats === true ? listFormats(context) : list(context)
}

export function datasetsCommand({ say, withLab }: CommandEnvironment): Command {
  const command = new Command('datasets')
    .description(say('about-datasets'))
    .option('--formats', say('option-formats'))
    .option('--preview <path>', say('option-preview'))
    .option('--import <path>', say('option-import'))
    .option('--name <name>', say('option-dataset-name'))
    .option('--skip-undecodable', say('option-skip-undecodable'))
  return withReadingOptions(command, say).option('--replace', say('option-replace')).action(withLab(work))
}
