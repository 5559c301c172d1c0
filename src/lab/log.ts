/** logs/lab.log: the stderr of worker processes and refused messages, for finding the cause of a crash or an attack. */
import { join } from 'path'
import { addToLog } from '../files/rolling-log'

export const logFile = (logs: string): string => join(logs, 'lab.log')

/** Returns the function that appends to the log. A log that cannot be written must not stop the caller. */
export function openLog(folder: () => string): (text: string) => void {
  return (text) => {
    try {
      addToLog(logFile(folder()), text)
    } catch {
      return
    }
  }
}
