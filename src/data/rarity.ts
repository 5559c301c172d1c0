/** Domains that take only some of each class. */
import type { Domain } from '../contract/experiment'

/**
 * The number of images kept of each class, in the domain's order: class i of K keeps the share rarest^(i / (K - 1)) of
 * `counts`, rounded, and at least one image. A domain of one class keeps all images. At most `perClass` are kept.
 */
export function keptOfEach(
  counts: readonly number[],
  { rarest, perClass }: Pick<Domain, 'rarest' | 'perClass'>,
): number[] {
  const kept = longTailed(counts, rarest)
  return perClass === null ? kept : kept.map((count) => Math.min(count, perClass))
}

function longTailed(counts: readonly number[], rarest: number): number[] {
  const last = Math.max(1, counts.length - 1)
  return counts.map((count, label) =>
    Math.min(count, Math.max(1, Math.round(count * rarest ** (label / last)))),
  )
}
