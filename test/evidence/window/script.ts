/** The frame of a script that measures the window: a display, a data folder, one JSON document, no remains. */
import { cpus } from 'os'
import { electronOptions, findElectron } from '../../../build/electron.mjs'
import { cacheFolder } from '../../../build/machine.mjs'
import openDisplay from '../../desktop/display'
import { openTerminal, type Terminal } from '../../integration/terminal'

export const note = (line: string): void => void process.stderr.write(`${line}\n`)

/** `measure` gives what is printed; whatever it throws ends the script with 1. */
export async function measured(measure: (terminal: Terminal) => Promise<object>): Promise<void> {
  const closeDisplay = await openDisplay()
  const terminal = openTerminal()
  try {
    const figures = await measure(terminal)
    const document = { ...figures, machine: machine() }
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
    process.exitCode = 0
  } catch (error) {
    note(error instanceof Error ? (error.stack ?? error.message) : String(error))
    process.exitCode = 1
  }
  await terminal.remove()
  closeDisplay?.()
  // A window that hangs is not to keep the script.
  process.exit()
}

/** The program of the window, and the words that this machine makes it need. */
export function electron(): { program: string; options: readonly string[]; version: string } {
  const found = findElectron(process.cwd(), cacheFolder())
  if (found === null) throw new Error('Electron is not there: npm run setup')
  const isRoot = process.getuid?.() === 0
  const options = found.origin === 'npm' && isRoot ? ['--no-sandbox'] : electronOptions(found)
  return { program: found.program, options, version: found.version }
}

function machine(): object {
  const processors = cpus()
  return {
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    electron: electron().version,
    display: process.platform === 'linux' ? 'Xvfb, painted in software' : 'the system’s own',
  }
}
