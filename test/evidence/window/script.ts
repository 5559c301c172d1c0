/**
 * Frame for scripts that measure the window: starts a display, creates a data folder, prints one JSON document and
 * cleans up.
 */
import { cpus } from 'os'
import openDisplay from '../../desktop/display'
import { electron } from '../../desktop/electron'
import { openTerminal, type Terminal } from '../../integration/terminal'

export const note = (line: string): void => void process.stderr.write(`${line}\n`)

/** `measure` returns the document to print; if it throws, the exit code is 1. */
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
  // A hanging window must not keep the script running.
  process.exit()
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
