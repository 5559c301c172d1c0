/**
 * Runs commands of the command line in this process, on a data folder of their own; returns their output and exit
 * code.
 */
import { join } from 'path'
import { Writable } from 'stream'
import { runProgram } from '../../src/cli/program'
import { createLab, type OpenLab } from '../../src/lab/create-lab'
import type { Said } from './terminal'

const programs = join(__dirname, '..', '..', 'dist')

class Kept extends Writable {
  text = ''
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}

export interface CommandLine {
  /** @param lang the system's language, in the form of LANG */
  run(lang: string, ...argv: string[]): Promise<Said>
  close(): Promise<void>
}

/** All commands share one lab, so that its analyst is started once. */
export function openCommandLine(dataFolder: string): CommandLine {
  let shared: Promise<OpenLab> | null = null

  async function openLab(asked: string | undefined): Promise<OpenLab> {
    if (asked !== undefined) return createLab({ dataFolder: asked, workers: programs })
    shared ??= createLab({ dataFolder, workers: programs })
    return { ...(await shared), close: () => Promise.resolve() }
  }

  return {
    async run(lang, ...argv) {
      const [stdout, stderr] = [new Kept(), new Kept()]
      const code = await runProgram(argv, {
        streams: { stdout: stdout as never, stderr: stderr as never },
        environment: { LANG: lang },
        program: 'dalab',
        version: '0.0.0',
        programs,
        openLab,
        keepDetails: () => null,
      })
      return { code, stdout: stdout.text, stderr: stderr.text }
    },
    close: async () => (await shared)?.close(),
  }
}
