/**
 * Loads a domain as arrays: the images of an experiment, drawn, framed, shifted and scaled as input of the networks.
 */
import type { Domain, Experiment, ModelOptions } from '../contract/experiment'
import type { DatasetSummary } from '../contract/dataset'
import { countsOfClasses, positionOfClass } from '../contract/classes'
import { checkDomain } from './check-domain'
import { withChannels } from './colour'
import {
  type Dataset,
  type ImageTable,
  imagesOf as imagesIn,
  pictureAt,
  type SampleTable,
  unknownLabel,
} from './dataset'
import { openDataset, type PathReading } from './open-dataset'
import { framingTo, imageSize } from './framing'
import { countByClass, locate, poolOf, splitIndices } from './partition'
import type { Picture } from './picture'
import { stream } from './random'
import { keptOfEach } from './rarity'
import { applyShift } from './shifts'

export interface DomainImages {
  /** `[count, size, size, channels]`, in [0, 1] (`unit`) or [-1, 1] (`symmetric`). */
  readonly pixels: Float32Array
  /** `[count]`, each an index into the domain's `classes`, or `unknownLabel`. */
  readonly labels: Int32Array
  /** `[count]`: each image's index in the dataset, counting the training images and then the test images. */
  readonly indices: Int32Array
  readonly count: number
  /** Width and height in pixels. */
  readonly size: number
  readonly channels: 1 | 3
}

export interface DatasetSource extends PathReading {
  /** The folder of imported datasets. */
  readonly datasets: string
}

/**
 * Draws a domain's images: those of its split and classes are shuffled with the domain's seed, and the first `count`
 * are taken. A smaller count therefore gives a subset of a larger one.
 */
function draw(domain: Domain, { samples, summary }: Dataset): Int32Array {
  const labelOf = labelling(domain, summary, samples)
  const candidates = splitIndices(samples, domain.partition, domain.split).filter((index) => {
    const label = labelOf(index)
    return label === 'other' ? false : label !== unknownLabel || domain.unlabelled
  })
  const order = stream(domain.seed, 'draw')
    .permutation(candidates.length)
    .map((position) => candidates[position] ?? 0)
  const kept = withRareClasses(domain, order, labelOf)
  return kept.subarray(0, domain.count === 'all' ? kept.length : domain.count)
}

/**
 * Returns a function that gives the label of the image at a dataset index: its index in the domain's `classes`,
 * `unknownLabel`, or `other` for a class that the domain does not have.
 */
function labelling(
  { classes }: Pick<Domain, 'classes'>,
  { classNames }: Pick<DatasetSummary, 'classNames'>,
  samples: SampleTable,
): (index: number) => number | 'other' {
  const pool = poolOf(samples)
  const labels = new Map(classes.map((name, label) => [positionOfClass(name, classNames), label]))
  return (index) => {
    const label = pool.labelAt(index)
    return label === unknownLabel ? unknownLabel : (labels.get(label) ?? 'other')
  }
}

/** Keeps the first images of each class in the drawn order, up to the number that `keptOfEach` gives the class. */
function withRareClasses(
  { rarest, classes }: Domain,
  order: Int32Array,
  labelOf: (index: number) => number | 'other',
): Int32Array {
  if (rarest === 1) return order
  const labels = Array.from(order, labelOf)
  const remaining = keptOfEach(
    classes.map((_, label) => labels.filter((one) => one === label).length),
    rarest,
  )
  return order.filter((_, position) => {
    const label = Number(labels[position])
    remaining[label] = (remaining[label] ?? 0) - 1
    return (remaining[label] ?? 0) >= 0
  })
}

/** Returns a function that gives the domain's image at a dataset index: framed, shifted, with `channels` channels. */
function domainPictures(domain: Domain, images: ImageTable, channels: 1 | 3): (index: number) => Picture {
  const frame = framingTo(domain.framing, imageSize)
  return (index) => {
    const { set, row } = locate(images, index)
    const framed = frame(pictureAt(set, images.channels, row))
    const shifted = domain.shifts.reduce(
      (picture, shift, order) =>
        applyShift(picture, shift, () => stream(domain.seed, 'shift', order, shift.kind, index)),
      framed,
    )
    return withChannels(shifted, channels)
  }
}

function toSymmetric(pixels: Float32Array): void {
  for (let i = 0; i < pixels.length; i++) pixels[i] = 2 * (pixels[i] ?? 0) - 1
}

/** The domain's images, from its open dataset. Throws what `checkDomain` throws. */
function imagesOf(domain: Domain, dataset: Dataset, model: ModelOptions): DomainImages {
  const { summary } = dataset
  checkDomain(domain, domain.dataset, summary)
  const images = imagesIn(dataset)
  const { channels } = model
  const indices = draw(domain, dataset)
  const labelOf = labelling(domain, summary, images)
  const show = domainPictures(domain, images, channels)
  const length = imageSize * imageSize * channels
  const pixels = new Float32Array(indices.length * length)
  indices.forEach((index, i) => {
    pixels.set(show(index).values, i * length)
  })
  if (model.pixels === 'symmetric') toSymmetric(pixels)
  const labels = indices.map((index) => Number(labelOf(index)))
  return { pixels, labels, indices, count: indices.length, size: imageSize, channels }
}

/** The number of images that the domain draws of each of its classes. Throws what `loadDomain` throws. */
export async function drawnOfEach(domain: Domain, where: DatasetSource): Promise<number[]> {
  const dataset = await openDataset(domain.dataset, where.datasets, where)
  checkDomain(domain, domain.dataset, dataset.summary)
  const labelOf = labelling(domain, dataset.summary, dataset.samples)
  const labels = draw(domain, dataset).map((index) => Number(labelOf(index)))
  return countByClass(labels, domain.classes.length)
}

/** Throws what `openDataset` and `checkDomain` throw. */
export async function loadDomain(
  domain: Domain,
  model: ModelOptions,
  where: DatasetSource,
): Promise<DomainImages> {
  return imagesOf(domain, await openDataset(domain.dataset, where.datasets, where), model)
}

/**
 * The domain of the held-out images: the same classes and shifts, the whole test split, labelled images only. Null if
 * the domain itself uses the test split or has no labels, or if the dataset has no test image of one of the classes.
 */
export function unseenDomain(domain: Domain, summary: DatasetSummary): Domain | null {
  const unseen = { ...domain, split: 'test', count: 'all', unlabelled: false } as const
  const counts = countsOfClasses(domain.classes, unseen, summary)
  const hasTestImages = counts.length > 0 && counts.every((count) => count > 0)
  return domain.split === 'test' || !hasTestImages ? null : unseen
}

export interface ExperimentImages {
  readonly source: DomainImages
  readonly target: DomainImages
  readonly unseenTarget: DomainImages | null
}

/** Loads all images that training and its measures need. A dataset used by both domains is read once. */
export async function loadDomains(
  { source, target, model }: Pick<Experiment, 'source' | 'target' | 'model'>,
  where: DatasetSource,
): Promise<ExperimentImages> {
  const open = (id: string) => openDataset(id, where.datasets, where)
  const sourceSet = await open(source.dataset)
  const targetSet = target.dataset === source.dataset ? sourceSet : await open(target.dataset)
  const unseen = unseenDomain(target, targetSet.summary)
  return {
    source: imagesOf(source, sourceSet, model),
    target: imagesOf(target, targetSet, model),
    unseenTarget: unseen === null ? null : imagesOf(unseen, targetSet, model),
  }
}
