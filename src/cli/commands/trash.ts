/**
 * `trash` and `restore`: move runs and imported datasets into the trash and back by renaming them. Only `trash
 * --empty` deletes, and only the items that it has listed.
 */
import { Command } from 'commander'
import { labError } from '../../contract/errors'
import type { TrashedDataset } from '../../contract/dataset'
import type { RunSummary } from '../../contract/run'
import type { CommandEnvironment, CommandContext } from '../command'
import { size } from '../numbers'
import { runNamed } from '../run-name'
import { table } from '../table'
import type { Terminal } from '../terminal'
import { runsText } from './runs'

interface TrashOptions {
  readonly dataset?: string
  readonly empty?: true
  readonly yes?: true
}

interface Trashed {
  readonly runs: readonly RunSummary[]
  readonly datasets: readonly TrashedDataset[]
}

async function trashedIn({ lab }: CommandContext): Promise<Trashed> {
  return { runs: await lab.call('trashed', {}), datasets: await lab.call('trashedDatasets', {}) }
}

const isEmpty = ({ runs, datasets }: Trashed): boolean => runs.length + datasets.length === 0

function textOf({ runs, datasets }: Trashed, terminal: Terminal): string {
  const { say } = terminal
  const rows = datasets.map(({ name, dataset, bytes }) => [
    name,
    dataset.title,
    dataset.classNames.join(', '),
    size(bytes),
  ])
  const head = [say('column-dataset'), say('column-title'), say('column-classes'), say('column-size')]
  return [
    ...(runs.length === 0 ? [] : [runsText(runs, terminal)]),
    ...(datasets.length === 0 ? [] : [table(head, rows)]),
  ].join('\n\n')
}

async function list(context: CommandContext): Promise<void> {
  const { terminal } = context
  const trashed = await trashedIn(context)
  terminal.answer(trashed, isEmpty(trashed) ? terminal.say('no-trash') : textOf(trashed, terminal))
}

/** `"Shapes": run-a, run-b` for each dataset that is still used by runs. */
async function missed({ lab }: CommandContext, datasets: readonly TrashedDataset[]): Promise<string[]> {
  const lines: string[] = []
  for (const { dataset } of datasets) {
    const { runs } = await lab.call('datasetUse', { id: dataset.id })
    if (runs.length > 0) lines.push(`"${dataset.id}": ${runs.map(({ run }) => run).join(', ')}`)
  }
  return lines
}

/** Asks whether to delete permanently. Throws `deletes-for-good` if nobody can answer. */
async function isMeant(context: CommandContext, { runs, datasets }: Trashed): Promise<boolean> {
  const { terminal } = context
  const bytes = [...runs, ...datasets].reduce((sum, one) => sum + one.bytes, 0)
  const facts = { runs: runs.length, datasets: datasets.length, size: size(bytes) }
  const what = terminal.say('what-is-deleted', facts)
  const users = await missed(context, datasets)
  if (users.length > 0) terminal.ask.say(terminal.say('runs-need-datasets', { users: users.join('; ') }))
  const answer = await terminal.ask.yesOrNo(terminal.say('delete-for-good', { what }))
  if (answer === null) throw labError('deletes-for-good', { what })
  return answer
}

async function empty(context: CommandContext, sure: boolean): Promise<void> {
  const { lab, terminal } = context
  const trashed = await trashedIn(context)
  if (!sure && !isEmpty(trashed) && !(await isMeant(context, trashed))) {
    terminal.answer({ bytes: 0 }, terminal.say('nothing-deleted'))
    return
  }
  const freed = await lab.call('emptyTrash', {
    runs: trashed.runs.map(({ id }) => id),
    datasets: trashed.datasets.map(({ name }) => name),
  })
  terminal.answer(freed, terminal.say('emptied', { size: size(freed.bytes) }))
}

async function discardRun({ lab, terminal }: CommandContext, run: string): Promise<void> {
  await lab.call('trash', { run })
  terminal.answer({ run }, terminal.say('trashed', { run, program: terminal.program }))
}

async function discardDataset({ lab, terminal }: CommandContext, dataset: string): Promise<void> {
  const { runs, series } = await lab.call('datasetUse', { id: dataset })
  const { name } = await lab.call('trashDataset', { id: dataset })
  const { say, program } = terminal
  const users = [...runs.map(({ run }) => run), ...series]
  const lines = [say('trashed-dataset', { dataset, name, program })]
  if (users.length > 0) lines.push(say('dataset-missed', { users: users.join(', ') }))
  terminal.answer({ dataset: name, runs: runs.map(({ run }) => run), series }, lines.join('\n'))
}

export function trashCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('trash')
    .description(say('about-trash'))
    .argument('[run]', say('argument-run'), runNamed)
    .option('--dataset <name>', say('option-trash-dataset'))
    .option('--empty', say('option-empty'))
    .option('--yes', say('option-yes'))
    .action(
      withLab(async (context, run: string | undefined, { dataset, empty: empties, yes }: TrashOptions) => {
        const asked = [run, dataset === undefined ? undefined : '--dataset', empties && '--empty']
        const [first, second] = asked.filter((one): one is string => typeof one === 'string')
        if (first !== undefined && second !== undefined)
          throw labError('exclusive-options', { first, second })
        if (empties === true) return empty(context, yes === true)
        if (dataset !== undefined) return discardDataset(context, dataset)
        return run === undefined ? list(context) : discardRun(context, run)
      }),
    )
}

async function restoreDataset({ lab, terminal }: CommandContext, name: string): Promise<void> {
  const { id } = await lab.call('restoreDataset', { name })
  terminal.answer({ dataset: id }, terminal.say('restored-dataset', { dataset: id }))
}

async function restoreRun({ lab, terminal }: CommandContext, run: string): Promise<void> {
  await lab.call('restore', { run })
  terminal.answer({ run }, terminal.say('restored', { run }))
}

export function restoreCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('restore')
    .description(say('about-restore'))
    .argument('[run]', say('argument-run'), runNamed)
    .option('--dataset <name>', say('option-restore-dataset'))
    .action(
      withLab(async (context, run: string | undefined, { dataset }: { readonly dataset?: string }) => {
        if (run !== undefined && dataset !== undefined) {
          throw labError('exclusive-options', { first: run, second: '--dataset' })
        }
        if (dataset !== undefined) return restoreDataset(context, dataset)
        if (run === undefined) throw labError('missing-argument', { name: 'RUN', command: 'restore' })
        return restoreRun(context, run)
      }),
    )
}
