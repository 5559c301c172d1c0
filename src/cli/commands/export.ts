/** `export`: writes a checkpoint for another program. */
import { Command } from 'commander'
import { plainLine } from '../../contract/plain'
import type { CommandEnvironment } from '../command'
import { oneOf } from '../values'

interface ExportOptions {
  readonly format: 'safetensors' | 'npy' | 'tfjs'
  readonly out: string
}

export function exportCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('export')
    .description(say('about-export'))
    .argument('<checkpoint>', say('argument-checkpoint'))
    .requiredOption(
      '--format <format>',
      say('option-format'),
      oneOf('--format', ['safetensors', 'npy', 'tfjs']),
    )
    .requiredOption('--out <path>', say('option-out'))
    .action(
      withLab(async ({ lab, terminal }, checkpoint: string, { format, out }: ExportOptions) => {
        const written = await lab.call('export', { checkpoint, format, out })
        terminal.answer(written, [say('exported'), ...written.files.map(plainLine)].join('\n'))
      }),
    )
}
