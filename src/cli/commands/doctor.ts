/** `doctor`: shows the version and state of every component that the lab depends on. */
import { Command } from 'commander'
import type { CommandEnvironment } from '../command'
import { table } from '../table'

export function doctorCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('doctor').description(say('about-doctor')).action(
    withLab(async ({ lab, terminal }) => {
      const parts = await lab.call('doctor', {})
      const head = [say('column-part'), say('column-version'), say('column-state'), say('column-hint')]
      const rows = parts.map(({ part, version, state, hint }) => [part, version, say(`part-${state}`), hint])
      terminal.answer(parts, table(head, rows))
    }),
  )
}
