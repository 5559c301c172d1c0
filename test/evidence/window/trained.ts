/** Trains one short run, from which others are made. */
import { readView } from '../../../src/checkpoints/views'
import type { Terminal } from '../../integration/terminal'
import { eventsOf, folderOf, recordOf, runsIn } from '../../journey/disk'
import type { Trained } from './many-runs'

const rounds = 1

/** @param count images of each domain */
export async function trainOne(
  terminal: Terminal,
  count: number,
): Promise<Trained & { readonly run: string }> {
  const counts = [`source.count=${count}`, `target.count=${count}`]
  const { code, stderr } = await terminal.run(
    ...['run', '--preset', 'published', '--rounds', String(rounds), '--set', ...counts],
  )
  if (code !== 0) throw new Error(stderr)
  const { dataFolder } = terminal
  const run = runsIn(dataFolder).pop() ?? ''
  const view = await readView(folderOf(dataFolder, run), rounds)
  if (view === null) throw new Error('the trained run has no view')
  return { run, record: recordOf(dataFolder, run), events: eventsOf(dataFolder, run), view }
}
