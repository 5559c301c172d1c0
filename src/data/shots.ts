/** Draws the few labelled target images: the same number from each class, by a seed. */
import { requireShots } from './check-domain'
import type { DomainImages } from './domain'
import { countByClass } from './partition'
import { stream } from './random'

/**
 * Positions of the images in the domain, class by class. For each class, fewer shots are the first of more.
 * @param classes the names of the domain's classes, for errors
 * @throws `shots-too-many`
 */
export function drawShots(
  { labels }: Pick<DomainImages, 'labels'>,
  classes: readonly string[],
  shots: number,
  seed: number,
): Int32Array {
  if (shots === 0) return new Int32Array(0)
  requireShots(shots, classes, countByClass(labels, classes.length))
  const drawn = classes.flatMap((_, label) => {
    const indices = Array.from(labels.keys()).filter((index) => labels[index] === label)
    const order = stream(seed, 'shots', label).permutation(indices.length).subarray(0, shots)
    return Array.from(order, (position) => indices[position] ?? 0)
  })
  return Int32Array.from(drawn)
}
