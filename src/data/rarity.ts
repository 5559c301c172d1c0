/** Domains whose classes have different frequencies. */

/**
 * The number of images kept of each class, in the domain's order: class i of K keeps the share rarest^(i / (K - 1)) of
 * `counts`, rounded, and at least one image. A domain of one class keeps all images.
 */
export function keptOfEach(counts: readonly number[], rarest: number): number[] {
  const last = Math.max(1, counts.length - 1)
  return counts.map((count, label) =>
    Math.min(count, Math.max(1, Math.round(count * rarest ** (label / last)))),
  )
}
