/** The name that a person probably meant. */
import { distance } from 'fastest-levenshtein'

/** The choice with the fewest edits from `name`, letter case aside; '' where there is no choice. */
export function nearest(name: string, choices: readonly string[]): string {
  const asked = name.toLowerCase()
  let best = ''
  let least = Infinity
  for (const choice of choices) {
    const edits = distance(asked, choice.toLowerCase())
    if (edits < least) {
      best = choice
      least = edits
    }
  }
  return best
}
