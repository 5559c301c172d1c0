/** `import`: make a run out of a checkpoint file or of the recipe's .npy files. */
import { Command } from 'commander'
import type { Desk } from '../command'

export function importCommand({ say, act }: Desk): Command {
  return new Command('import')
    .description(say('about-import'))
    .argument('<path>', say('argument-path'))
    .action(
      act(async ({ lab, terminal }, path: string) => {
        const imported = await lab.call('import', { path })
        terminal.answer(imported, say('imported-checkpoint', imported))
      }),
    )
}
