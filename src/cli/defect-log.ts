/** Where the details of a defect go: never on the screen, unless DALAB_DEBUG asks for them. */
import { join } from 'path'
import { inspect } from 'util'
import { addToLog } from '../files/rolling-log'
import { writeText } from './terminal'

/** Adds the error with its stack to terminal.log; null where even that cannot be written. */
export function keepDetails(error: unknown, logs: string): string | null {
  const file = join(logs, 'terminal.log')
  const details = `${new Date().toISOString()} ${process.argv.slice(2).join(' ')}\n${inspect(error)}\n\n`
  if (process.env['DALAB_DEBUG'] === '1') writeText(process.stderr, details)
  try {
    addToLog(file, details)
    return file
  } catch {
    return null
  }
}
