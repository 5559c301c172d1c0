/** Finds the name that a person probably meant. */
import { distance } from 'fastest-levenshtein'

/**
 * The choice with the fewest edits from `name`, ignoring letter case. '' if none is near: an unrelated hint is worse
 * than none.
 */
export function nearest(name: string, choices: readonly string[]): string {
  const asked = name.toLowerCase()
  let best = ''
  let least = Infinity
  for (const choice of choices) {
    const known = choice.toLowerCase()
    const edits = distance(asked, known)
    if (edits < least && isNear(asked, known, edits)) {
      best = choice
      least = edits
    }
  }
  return best
}

/** Shorter texts occur in too many names by chance. */
const minPart = 3

/** A part of the name is enough: the setting without its group, or a run by the name in its id. */
function isNear(asked: string, choice: string, edits: number): boolean {
  if (asked.length >= minPart && choice.includes(asked)) return true
  return edits <= maxEdits(Math.max(asked.length, choice.length))
}

/** Two fifths of the letters; in a short name two, which allows one transposition, but never more than half. */
function maxEdits(letters: number): number {
  return Math.max(Math.floor(letters * 0.4), Math.min(2, Math.floor(letters / 2)))
}
