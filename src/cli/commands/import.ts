/** `import`: makes a run from a checkpoint file or from the recipe's .npy files. */
import { Command } from 'commander'
import { pixelsSchema, type Pixels } from '../../contract/experiment'
import { importNotes, type NoteWords } from '../../language/import-notes'
import type { CommandEnvironment } from '../command'
import { oneOf } from '../values'

/** Settings as in `--set`. */
const words: NoteWords = {
  nameOf: (setting) => setting,
  valueOf: (_, value) => (Array.isArray(value) ? value.map(String).join(', ') : String(value)),
}

export function importCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('import')
    .description(say('about-import'))
    .argument('<path>', say('argument-path'))
    .option('--pixels <scaling>', say('option-pixels'), oneOf('--pixels', pixelsSchema.options))
    .action(
      withLab(async ({ lab, terminal }, path: string, { pixels }: { pixels?: Pixels }) => {
        const imported = await lab.call('import', { path, pixels })
        const { pathsToAllow } = await lab.call('run', { run: imported.run })
        for (const one of pathsToAllow)
          terminal.note(say('imported-names-path', { run: imported.run, path: one.path }))
        const { run, checkpoint } = imported
        const notes = importNotes(imported, terminal.language, words)
        terminal.answer(imported, [say('imported-checkpoint', { run, checkpoint }), ...notes].join('\n'))
      }),
    )
}
