/** `import`: makes a run from a checkpoint file or from the recipe's .npy files. */
import { Command } from 'commander'
import { pixelsSchema, type Pixels } from '../../contract/experiment'
import { assumedSentence, type SettingNames } from '../../language/assumed'
import { noteSentence } from '../../language/sentence'
import type { CommandEnvironment } from '../command'
import { oneOf } from '../values'

/** Settings as in `--set`. */
const names: SettingNames = {
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
        const { run, checkpoint, notes } = imported
        const { language } = terminal
        const assumed = assumedSentence(imported.assumed, language, names)
        const lines = [
          say('imported-checkpoint', { run, checkpoint }),
          ...notes.map((note) => noteSentence(note, language)),
          ...(assumed === null ? [] : [assumed]),
        ]
        terminal.answer(imported, lines.join('\n'))
      }),
    )
}
