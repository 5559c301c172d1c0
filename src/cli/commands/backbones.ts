/** `backbones`: lists the declared backbones with the weights that are there, and brings weights. */
import { Command } from 'commander'
import type { BackboneSummary } from '../../contract/backbone'
import { backboneIds } from '../../networks/backbones/registry'
import type { CommandInput, CommandOutput } from '../../contract/lab'
import { labError } from '../../contract/errors'
import type { Say } from '../../language/words'
import type { CommandContext, CommandEnvironment } from '../command'
import { noteLines } from '../note-lines'
import { size } from '../numbers'
import { table } from '../table'
import { oneOf } from '../values'

interface BackbonesOptions {
  readonly import?: string
  readonly as?: CommandInput<'importBackbone'>['backbone']
}

/** A row for each weights that are there; one without digest if there are none. */
function rowsOf({ id, title, features, weights }: BackboneSummary, say: Say): (string | number)[][] {
  if (weights.length === 0) return [[id, title, features, say('backbone-no-weights'), '', '']]
  return weights.map(({ digest, bytes, isBundled }) => [
    id,
    title,
    features,
    say(isBundled ? 'backbone-bundled' : 'backbone-brought'),
    size(bytes),
    digest,
  ])
}

function textOf({ backbones, unreadable }: CommandOutput<'backbones'>, say: Say): string {
  const head = [
    say('column-name'),
    say('column-title'),
    say('column-features'),
    say('column-weights'),
    say('column-size'),
    say('column-digest'),
  ]
  const rows = backbones.flatMap((backbone) => rowsOf(backbone, say))
  const strange = unreadable.map((file) => say('backbone-unreadable', { file }))
  return [table(head, rows), ...strange].join('\n')
}

async function list({ lab, terminal }: CommandContext): Promise<void> {
  const found = await lab.call('backbones', {})
  terminal.answer(found, textOf(found, terminal.say))
}

async function bring(
  { lab, terminal }: CommandContext,
  path: string,
  { as }: BackbonesOptions,
): Promise<void> {
  const brought = await lab.call('importBackbone', { path, backbone: as })
  const { title, digest, isNew, notes } = brought
  const done = terminal.say(isNew ? 'backbone-imported' : 'backbone-already-there', { title, digest })
  terminal.answer(brought, [done, ...noteLines(notes, terminal)].join('\n'))
}

function work(context: CommandContext, options: BackbonesOptions): Promise<void> {
  if (options.import !== undefined) return bring(context, options.import, options)
  if (options.as !== undefined)
    throw labError('missing-argument', { name: '--import FILE', command: 'backbones --as' })
  return list(context)
}

export function backbonesCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('backbones')
    .description(say('about-backbones'))
    .option('--import <file>', say('option-import-weights'))
    .option('--as <backbone>', say('option-as-backbone'), oneOf('--as', backboneIds))
    .action(withLab(work))
}
