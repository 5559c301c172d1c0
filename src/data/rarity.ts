/** Domains whose classes are not equally frequent. */

/**
 * How many images are kept of each class, in the domain's order, of `counts`: of K classes class i keeps the share
 * rarest^(i / (K - 1)), rounded, at least one image. A domain of one class keeps all of it.
 */
export function keptOfEach(counts: readonly number[], rarest: number): number[] {
  const last = Math.max(1, counts.length - 1)
  return counts.map((count, label) =>
    Math.min(count, Math.max(1, Math.round(count * rarest ** (label / last)))),
  )
}
