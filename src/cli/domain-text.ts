/** Domains, classes and pairings as the terminal prints them: by name. */
import type { Domain } from '../contract/experiment'
import type { Say } from '../language/words'

export function domainText({ dataset, split, classes }: Domain, say: Say): string {
  if (classes.length === 0) return say('facts-unlabelled', { dataset, split })
  return say('evaluate-on', { dataset, split, classes: classes.join(', ') })
}

/**
 * Each class with the source class that it stands for: `owl → dog`. The file of another program does not name the
 * source classes, so they are numbered.
 */
export function pairingText(
  classes: readonly string[],
  sourceClasses: readonly string[],
  pairing: readonly number[],
): string {
  return classes
    .map((name, index) => `${name} → ${sourceName(sourceClasses, pairing[index] ?? -1)}`)
    .join(', ')
}

export function sourceName(sourceClasses: readonly string[], index: number): string {
  return sourceClasses[index] ?? String(index)
}
