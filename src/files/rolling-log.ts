/**
 * A log of limited size. A full file is renamed to NAME.1, the previous one to NAME.2, and older ones are deleted.
 * Writes are synchronous, so that the lines before a crash are on disk.
 */
import { appendFileSync, renameSync, statSync } from 'fs'
import { dirname } from 'path'
import { plainText } from '../contract/plain'
import { makeFolderSync } from './folder'

/** Maximum size of one file; there are three. */
export const maxLogBytes = 2 ** 20
const setAside = 2

/** Logs contain names from files, and people read them in a terminal. */
export function logText(text: string): string {
  return plainText(text.replace(/\r\n/g, '\n'))
}

/** Appends `text`, cut to `most` bytes. Throws the system's error. */
export function addToLog(path: string, text: string, most = maxLogBytes): void {
  const bytes = Buffer.from(logText(text)).subarray(0, most)
  makeFolderSync(dirname(path))
  if (sizeOf(path) + bytes.length > most) rotate(path)
  appendFileSync(path, bytes)
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch {
    return 0
  }
}

function rotate(path: string): void {
  for (let age = setAside; age >= 1; age--) {
    try {
      renameSync(age === 1 ? path : `${path}.${age - 1}`, `${path}.${age}`)
    } catch {
      // There is no file of that age, or another program writing to the same log has renamed it first.
      continue
    }
  }
}
