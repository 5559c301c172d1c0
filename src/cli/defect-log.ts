/** Logs the details of a defect. They are shown on the screen only if DALAB_DEBUG is set. */
import { join } from 'path'
import { inspect } from 'util'
import { addToLog } from '../files/rolling-log'
import { writeText } from './terminal'

/** Appends the error with its stack to terminal.log and returns the log's path; null if it cannot be written. */
export function keepDetails(error: unknown, logs: string): string | null {
  const file = join(logs, 'terminal.log')
  const details = `${new Date().toISOString()} ${JSON.stringify(process.argv.slice(2))}\n${inspect(error)}\n\n`
  if (process.env['DALAB_DEBUG'] === '1') writeText(process.stderr, details)
  try {
    addToLog(file, details)
    return file
  } catch {
    return null
  }
}
