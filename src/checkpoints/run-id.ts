/** Names of run folders: `2026-11-23-published-k3f9`. They sort by day and say what the run is. */
import { randomBytes } from 'crypto'

/** No vowels and nothing that is read for something else: no words by accident, no 0 for o. */
const letters = '23456789bcdfghjkmnpqrstvwxz'
const maxSlugLetters = 40

/** A fresh id for a run of an experiment of this name, which may be in any script. */
export function newRunId(name: string, created: Date): string {
  const day = created.toISOString().slice(0, 10)
  const random = Array.from(randomBytes(4), (byte) => letters.charAt(byte % letters.length)).join('')
  return [day, slugOf(name), random].filter((part) => part !== '').join('-')
}

/** Letters and digits of any script, everything else a hyphen; nothing that a file system could refuse. */
function slugOf(name: string): string {
  const words = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, '-')
  return Array.from(words)
    .slice(0, maxSlugLetters)
    .join('')
    .replace(/^-+|-+$/g, '')
}
