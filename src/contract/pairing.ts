/** Decides which pairing makes an accuracy meaningful for a method. */
import type { Experiment } from './experiment'
import type { MethodRole } from './method'

export const pairings = ['chosen', 'best'] as const
export type Pairing = (typeof pairings)[number]

/**
 * `chosen` if the method can learn which target class corresponds to which source class: from labelled images, or
 * because the classes have the same names. A single class that only the target has, and of which no image has a label,
 * is found by exclusion. With two or more, their assignment is chance, whatever pairing was chosen. The encoder of a
 * control has never seen the source, so that names do not help it. In those cases only `best` is meaningful.
 */
export function judgedPairing(
  { source, target, pairing, adaptation }: Pick<Experiment, 'source' | 'target' | 'pairing' | 'adaptation'>,
  role: MethodRole,
): Pairing {
  const { shots, labels } = adaptation
  if (shots > 0) return 'chosen'
  if (role === 'control' && labels.length === 0) return 'best'
  const labelled = new Set(labels.map((label) => label.class))
  const strange = target.classes.filter((name, index) => {
    const isNamed = role !== 'control' && source.classes.includes(name)
    return !isNamed && !labelled.has(source.classes[pairing[index] ?? -1] ?? '')
  })
  return strange.length < 2 ? 'chosen' : 'best'
}
