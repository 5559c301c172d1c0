/**
 * logs/lab.log: what worker processes write on stderr and which messages were refused, for whoever looks for
 * the cause of a crash or an attack.
 */
import { join } from 'path'
import { addToLog } from '../files/rolling-log'

export const logFile = (logs: string): string => join(logs, 'lab.log')

/** Returns the function that adds to the log. A log that cannot be written must not stop what it tells of. */
export function openLog(folder: () => string): (text: string) => void {
  return (text) => {
    try {
      addToLog(logFile(folder()), text)
    } catch {
      return
    }
  }
}
