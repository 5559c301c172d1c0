/** `labels`: lists, imports and exports labels that were given to a dataset, and proposes what to label. */
import { Command } from 'commander'
import { labError } from '../../contract/errors'
import { pixelsSchema, type Pixels } from '../../contract/experiment'
import { maxProposals, type Labels } from '../../contract/label'
import { encodeLabels, labelTable } from '../../data/label-file'
import { writeNew } from '../../files/atomic'
import type { Say } from '../../language/words'
import type { CommandContext, CommandEnvironment } from '../command'
import { pairs, table } from '../table'
import { classNames, oneOf, wholeNumber } from '../values'

interface LabelsOptions {
  readonly import?: string
  readonly export?: string
  readonly propose?: number
  readonly checkpoint?: string
  readonly classes?: string[]
  readonly pixels?: Pixels
}

function tableOf({ labels, files }: Pick<Labels, 'labels' | 'files'>, say: Say): string {
  const rows = labels.map((label, index) => [files[index] ?? '', label.class])
  return table([say('column-file'), say('column-label')], rows)
}

function textOf(labels: Labels, dataset: string, say: Say): string {
  if (labels.file === null) return say('labels-none', { dataset })
  const facts = pairs([[say('labels-file'), labels.file]])
  return [facts, tableOf(labels, say), say('labels-count', { count: labels.labels.length })].join('\n')
}

async function list({ lab, terminal }: CommandContext, dataset: string): Promise<void> {
  const labels = await lab.call('labels', { dataset })
  terminal.answer(labels, textOf(labels, dataset, terminal.say))
}

/** The labels that a file may give: those asked for, the classes of a checkpoint, or the dataset's own. */
async function classesFor(
  { lab }: CommandContext,
  dataset: string,
  { classes, checkpoint }: LabelsOptions,
): Promise<string[]> {
  if (classes !== undefined) return classes
  const own =
    checkpoint === undefined
      ? (await lab.call('datasets', {})).find(({ id }) => id === dataset)?.classNames
      : (await lab.call('show', { path: checkpoint })).facts?.experiment.source.classes
  if (own !== undefined && own.length > 0) return own
  const name = checkpoint === undefined ? '--classes LIST / --checkpoint FILE' : '--classes LIST'
  throw labError('missing-argument', { name, command: 'labels --import' })
}

async function bring(
  context: CommandContext,
  dataset: string,
  path: string,
  options: LabelsOptions,
): Promise<void> {
  const { lab, terminal } = context
  const classes = await classesFor(context, dataset, options)
  const labels = await lab.call('importLabels', { dataset, path, classes })
  terminal.answer(labels, textOf(labels, dataset, terminal.say))
}

async function write({ lab, terminal }: CommandContext, dataset: string, path: string): Promise<void> {
  const { labels, files } = await lab.call('labels', { dataset })
  const rows = labels.map((label, index) => ({ file: files[index] ?? '', class: label.class }))
  await writeNew(path, encodeLabels(labelTable(rows)))
  const count = rows.length
  terminal.answer({ file: path, count }, terminal.say('labels-written', { count, file: path }))
}

async function propose(
  { lab, terminal }: CommandContext,
  dataset: string,
  count: number,
  { checkpoint, pixels, export: out }: LabelsOptions,
): Promise<void> {
  if (checkpoint === undefined)
    throw labError('missing-argument', { name: '--checkpoint FILE', command: 'labels --propose' })
  const { say } = terminal
  const found = await lab.call('proposeLabels', { checkpoint, pixels, dataset, count })
  const fewer = found.files.length < count ? [say('proposals-fewer', { count: found.files.length })] : []
  if (out === undefined) {
    terminal.answer(found, [...found.files, ...fewer].join('\n'))
    return
  }
  await writeNew(out, encodeLabels(labelTable(found.files.map((file) => ({ file, class: '' })))))
  const done = say('proposals-written', { count: found.files.length, file: out })
  terminal.answer({ ...found, file: out }, [done, ...fewer].join('\n'))
}

function work(context: CommandContext, dataset: string, options: LabelsOptions): Promise<void> {
  if (options.import !== undefined) {
    for (const other of ['export', 'propose'] as const)
      if (options[other] !== undefined)
        throw labError('exclusive-options', { first: '--import', second: `--${other}` })
    return bring(context, dataset, options.import, options)
  }
  if (options.propose !== undefined) return propose(context, dataset, options.propose, options)
  return options.export === undefined ? list(context, dataset) : write(context, dataset, options.export)
}

export function labelsCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('labels')
    .description(say('about-labels'))
    .argument('<dataset>', say('argument-dataset'))
    .option('--import <file>', say('option-import-labels'))
    .option('--export <file>', say('option-export-labels'))
    .option('--propose <n>', say('option-propose'), wholeNumber('--propose', 1, maxProposals))
    .option('--checkpoint <file>', say('option-labels-checkpoint'))
    .option('--classes <list>', say('option-labels-classes'), classNames('--classes'))
    .option('--pixels <scaling>', say('option-pixels'), oneOf('--pixels', pixelsSchema.options))
    .action(withLab(work))
}
