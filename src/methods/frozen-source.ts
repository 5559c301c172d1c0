/**
 * Shared by methods that adapt only MT, like ADDA: MT starts as MS, and C is frozen and classifies the features of
 * both domains: C(MS(x)) for the source, C(MT(x)) for the target.
 */
import type { Adaptation, BaseNetworks } from './method'

export function frozenSource({ MS, C, MT }: BaseNetworks) {
  return {
    copies: [{ from: MS, to: MT }],
    source: { encoder: MS, classifier: C },
    target: { encoder: MT, classifier: C },
  } as const satisfies Partial<Adaptation>
}
