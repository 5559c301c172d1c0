/** `import`: makes a run from a checkpoint file or from the recipe's .npy files. */
import { Command } from 'commander'
import type { CommandEnvironment } from '../command'

export function importCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('import')
    .description(say('about-import'))
    .argument('<path>', say('argument-path'))
    .action(
      withLab(async ({ lab, terminal }, path: string) => {
        const imported = await lab.call('import', { path })
        const { pathsToAllow } = await lab.call('run', { run: imported.run })
        for (const one of pathsToAllow)
          terminal.note(say('imported-names-path', { run: imported.run, path: one.path }))
        terminal.answer(imported, say('imported-checkpoint', imported))
      }),
    )
}
