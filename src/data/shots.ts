/** The few target images that are given with their labels: drawn by a seed, or listed by the user. */
import type { Experiment } from '../contract/experiment'
import { requireShots } from './check-domain'
import { refuseOutside } from './check-labels'
import type { Drawn } from './draw'
import { countByClass } from './partition'
import { stream } from './random'

/**
 * Draws the same number from each class. Positions of the images in the domain, class by class. For each class, fewer
 * shots are the first of more.
 * @param classes the names of the domain's classes, for errors
 * @throws `shots-too-many`
 */
export function drawShots(
  { labels }: Pick<Drawn, 'labels'>,
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

/** Samples of this list that the domain does not have. */
export function samplesOutside(samples: readonly number[], { indices }: Pick<Drawn, 'indices'>): number[] {
  const inside = new Set(indices)
  return samples.filter((sample) => !inside.has(sample))
}

/** A target image that training sees with its label. */
export interface LabelledImage {
  /** In the domain. */
  readonly position: number
  /** An index into the source's classes. */
  readonly label: number
  /** The target's class of a drawn image, the source's class that the user gave otherwise. */
  readonly name: string
}

type Labelling = Pick<Experiment, 'source' | 'target' | 'pairing' | 'adaptation' | 'seed'>

/**
 * The images that `adaptation.shots` draws, or those that `adaptation.labels` lists, in its order.
 * @throws `shots-too-many`, `labels-outside-target`
 */
export function labelledImages(
  { source, target, pairing, adaptation: { shots, labels }, seed }: Labelling,
  domain: Pick<Drawn, 'labels' | 'indices'>,
): LabelledImage[] {
  if (labels.length > 0) return listed(labels, source.classes, domain)
  const drawn = drawShots(domain, target.classes, shots, seed)
  return Array.from(drawn, (position) => {
    const own = domain.labels[position] ?? -1
    return { position, label: pairing[own] ?? -1, name: target.classes[own] ?? '' }
  })
}

function listed(
  labels: Experiment['adaptation']['labels'],
  classes: readonly string[],
  domain: Pick<Drawn, 'indices'>,
): LabelledImage[] {
  const samples = labels.map(({ sample }) => sample)
  refuseOutside(samplesOutside(samples, domain))
  const positions = new Map(Array.from(domain.indices, (sample, position) => [sample, position]))
  return labels.map(({ sample, class: name }) => ({
    position: positions.get(sample) ?? -1,
    label: classes.indexOf(name),
    name,
  }))
}
