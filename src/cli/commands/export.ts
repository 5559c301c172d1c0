/** `export`: writes a checkpoint for another program. */
import { Command } from 'commander'
import { pixelsSchema, type Pixels } from '../../contract/experiment'
import { plainLine } from '../../contract/plain'
import { exportFormats, type ExportFormat } from '../../contract/run'
import { noteSentence } from '../../language/sentence'
import type { CommandEnvironment } from '../command'
import { oneOf } from '../values'

interface ExportOptions {
  readonly format: ExportFormat
  readonly out: string
  readonly pixels?: Pixels
}

export function exportCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('export')
    .description(say('about-export'))
    .argument('<checkpoint>', say('argument-checkpoint'))
    .requiredOption('--format <format>', say('option-format'), oneOf('--format', exportFormats))
    .requiredOption('--out <path>', say('option-out'))
    .option('--pixels <scaling>', say('option-pixels'), oneOf('--pixels', pixelsSchema.options))
    .action(
      withLab(async ({ lab, terminal }, checkpoint: string, { format, out, pixels }: ExportOptions) => {
        const written = await lab.call('export', { checkpoint, format, out, pixels })
        const lines = [
          say('exported'),
          ...written.files.map(plainLine),
          ...written.notes.map((note) => noteSentence(note, terminal.language)),
        ]
        terminal.answer(written, lines.join('\n'))
      }),
    )
}
