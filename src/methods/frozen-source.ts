/**
 * What the methods have in common that adapt MT alone, in the manner of ADDA: MT starts as MS, and C, frozen, judges
 * the features of both: C(MS(x)) on the source, C(MT(x)) on the target.
 */
import type { Adaptation, BaseNetworks } from './method'

export function frozenSource({ MS, C, MT }: BaseNetworks) {
  return {
    copies: [{ from: MS, to: MT }],
    source: { encoder: MS, classifier: C },
    target: { encoder: MT, classifier: C },
  } as const satisfies Partial<Adaptation>
}
