/** Decides which pairing makes an accuracy meaningful for a method. */
import type { Experiment } from './experiment'
import type { MethodRole } from './method'

export const pairings = ['chosen', 'best'] as const
export type Pairing = (typeof pairings)[number]

/**
 * `chosen` if the method can learn which target class corresponds to which source class: from labelled images, or
 * because the classes have the same names. A single class that only the target has is found by exclusion. With two or
 * more, their assignment is chance, whatever pairing was chosen; the same holds for a control, whose encoder has never
 * seen the source. In those cases only `best` is meaningful.
 */
export function judgedPairing(
  { source, target, adaptation }: Pick<Experiment, 'source' | 'target' | 'adaptation'>,
  role: MethodRole,
): Pairing {
  if (adaptation.shots > 0) return 'chosen'
  if (role === 'control') return 'best'
  const strange = target.classes.filter((name) => !source.classes.includes(name))
  return strange.length < 2 ? 'chosen' : 'best'
}
