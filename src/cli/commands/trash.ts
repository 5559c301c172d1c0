/** `trash` and `restore`: runs leave and come back by a rename; only `trash --empty` deletes. */
import { Command } from 'commander'
import { labError } from '../../contract/errors'
import type { Desk, Room } from '../command'
import { size } from '../numbers'
import { runNamed } from '../run-name'
import { runsText } from './runs'

async function list({ lab, terminal }: Room): Promise<void> {
  const runs = await lab.call('trashed', {})
  const { say } = terminal
  terminal.answer(runs, runs.length === 0 ? say('no-trash') : runsText(runs, terminal))
}

async function empty({ lab, terminal }: Room): Promise<void> {
  const freed = await lab.call('emptyTrash', {})
  terminal.answer(freed, terminal.say('emptied', { size: size(freed.bytes) }))
}

async function discard({ lab, terminal }: Room, run: string): Promise<void> {
  await lab.call('trash', { run })
  terminal.answer({ run }, terminal.say('trashed', { run, program: terminal.program }))
}

export function trashCommand({ say, act }: Desk): Command {
  return new Command('trash')
    .description(say('about-trash'))
    .argument('[run]', say('argument-run'), runNamed)
    .option('--empty', say('option-empty'))
    .action(
      act(async (room, run: string | undefined, options: { readonly empty?: true }) => {
        if (run !== undefined && options.empty === true) {
          throw labError('exclusive-options', { first: run, second: '--empty' })
        }
        if (options.empty === true) return empty(room)
        return run === undefined ? list(room) : discard(room, run)
      }),
    )
}

export function restoreCommand({ say, act }: Desk): Command {
  return new Command('restore')
    .description(say('about-restore'))
    .argument('<run>', say('argument-run'), runNamed)
    .action(
      act(async ({ lab, terminal }, run: string) => {
        await lab.call('restore', { run })
        terminal.answer({ run }, say('restored', { run }))
      }),
    )
}
