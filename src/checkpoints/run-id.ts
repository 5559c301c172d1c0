/** Names of run folders, such as `2026-11-23-published-k3f9`: they sort by day and contain the run's name. */
import { randomBytes } from 'crypto'

/** No vowels, which could form words, and no characters that are confused with others, such as o with 0. */
const letters = '23456789bcdfghjkmnpqrstvwxz'
const maxSlugLetters = 40

/** A new id for a run of an experiment with this name, which can be in any script. */
export function newRunId(name: string, created: Date): string {
  const day = created.toISOString().slice(0, 10)
  const random = Array.from(randomBytes(4), (byte) => letters.charAt(byte % letters.length)).join('')
  return [day, slugOf(name), random].filter((part) => part !== '').join('-')
}

/** Keeps letters and digits of any script and replaces everything else by hyphens, which every file system accepts. */
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
