/** By which pairing an accuracy says something of what a method has learnt. */
import type { Domain, Experiment } from './experiment'
import type { MethodRole } from './method'

export const pairings = ['chosen', 'best'] as const
export type Pairing = (typeof pairings)[number]

/** A dataset, as far as its classes are to be told from those of another. */
interface NamedClasses {
  readonly id: string
  readonly classNames: readonly string[]
}

/**
 * `chosen` where something tells which target class is which source class: labelled images, or the classes' own names.
 * One class that only the target has is found by exclusion; which of two becomes which is chance, however the pairing
 * was chosen, and so it is for a control, whose encoder has never seen the source. There only `best` says something.
 */
export function judgedPairing(
  { source, target, adaptation }: Pick<Experiment, 'source' | 'target' | 'adaptation'>,
  role: MethodRole,
  datasets: readonly NamedClasses[],
): Pairing {
  if (adaptation.shots > 0) return 'chosen'
  if (role === 'control') return 'best'
  const known = classNamesOf(source, datasets)
  const strange = classNamesOf(target, datasets).filter((name) => !known.includes(name))
  return strange.length < 2 ? 'chosen' : 'best'
}

/** Of a dataset that is not listed, the labels themselves. */
function classNamesOf({ dataset, classes }: Domain, datasets: readonly NamedClasses[]): string[] {
  const names = datasets.find(({ id }) => id === dataset)?.classNames
  return classes.map((label) => names?.[label] ?? String(label))
}
