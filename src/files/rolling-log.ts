/**
 * A log that never takes more than so much: what is full is set aside as NAME.1, what was there becomes NAME.2, and
 * what is older goes. Written at once, so that a crash finds on disk what came before it.
 */
import { appendFileSync, renameSync, statSync } from 'fs'
import { dirname } from 'path'
import { makeFolderSync } from './folder'

/** Of one file; there are three. */
export const maxLogBytes = 2 ** 20
const setAside = 2

/** Adds `text`, of which no more than `most` bytes. Throws what the system says. */
export function addToLog(path: string, text: string, most = maxLogBytes): void {
  const bytes = Buffer.from(text).subarray(0, most)
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
      // There is none of that age, or another program that writes to the same log was quicker.
      continue
    }
  }
}
