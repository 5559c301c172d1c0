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
  pictureAt,
  type SampleTable,
  shareOfByte,
  storedPixels,
  unknownLabel,
  type VectorTable,
} from './dataset'
import { openDataset, type PathReading } from './open-dataset'
import { framingTo } from './framing'
import { normaliserOf } from './normalise'
import { countByClass, locate, poolOf, splitIndices } from './partition'
import type { Picture } from './picture'
import type { Pixels } from './pixels'
import { stream } from './random'
import { keptOfEach } from './rarity'
import { applyShift } from './shifts'
import { sizeAt } from './sizes'

interface Drawn {
  /** `[count]`, each an index into the domain's `classes`, or `unknownLabel`. */
  readonly labels: Int32Array
  /** `[count]`: each sample's index in the dataset, counting the training samples and then the test samples. */
  readonly indices: Int32Array
  readonly count: number
}

export interface DomainImages extends Drawn {
  /**
   * `[count, size, size, channels]`, in [0, 1] (`unit`) or [-1, 1] (`symmetric`). Bytes if every image is a stored image
   * of bytes as it is, without resampling, conversion to grey or shifts.
   */
  readonly pixels: Pixels
  readonly size: number
  readonly channels: 1 | 3
}

export interface DomainVectors extends Drawn {
  /** `[count, length]`, normalised. */
  readonly pixels: Float32Array
  readonly length: number
}

export type DomainSamples = DomainImages | DomainVectors

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
  const kept = someOfEach(domain, order, labelOf)
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
function someOfEach(
  domain: Domain,
  order: Int32Array,
  labelOf: (index: number) => number | 'other',
): Int32Array {
  if (domain.rarest === 1 && domain.perClass === null) return order
  const labels = Array.from(order, labelOf)
  const remaining = keptOfEach(
    domain.classes.map((_, label) => labels.filter((one) => one === label).length),
    domain,
  )
  return order.filter((_, position) => {
    const label = Number(labels[position])
    remaining[label] = (remaining[label] ?? 0) - 1
    return (remaining[label] ?? 0) >= 0
  })
}

/** Returns a function that gives the domain's image at a dataset index: framed, shifted, with the model's channels. */
function domainPictures(
  domain: Domain,
  images: ImageTable,
  { side, channels }: ModelOptions,
): (index: number) => Picture {
  const frame = framingTo(domain.framing, side)
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

/** Changes [0, 1] to [-1, 1], in place. */
function toSymmetric(values: Float32Array): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] = 2 * (values[i] ?? 0) - 1
  return values
}

/** Draws the domain's samples. Throws what `checkDomain` throws. */
function drawn(domain: Domain, { samples, summary }: Dataset): Drawn {
  checkDomain(domain, domain.dataset, summary)
  const labelOf = labelling(domain, summary, samples)
  const indices = draw(domain, { samples, summary })
  return { indices, labels: indices.map((index) => Number(labelOf(index))), count: indices.length }
}

/** Whether the networks see the stored bytes of all these images, each as a number of its own. */
function areBytes(
  { shifts }: Domain,
  images: ImageTable,
  { side, channels }: ModelOptions,
  indices: Int32Array,
): boolean {
  return (
    shifts.length === 0 &&
    images.channels <= channels &&
    indices.every((index) => {
      const { set, row } = locate(images, index)
      const { width, height } = sizeAt(set.sizes, row)
      return !(set.pixels instanceof Float32Array) && width === side && height === side
    })
  )
}

/** Returns a function that gives the stored pixels of the image at a dataset index, with the model's channels. */
function storedIn(images: ImageTable, { channels }: ModelOptions): (index: number) => ArrayLike<number> {
  const copies = channels / images.channels
  return (index) => {
    const { set, row } = locate(images, index)
    const stored = storedPixels(set, images.channels, row)
    if (copies === 1) return stored
    return Uint8Array.from({ length: copies * stored.length }, (_, i) => stored[Math.floor(i / copies)] ?? 0)
  }
}

/** Returns a function that gives the pixels of images of the domain, by their dataset indices. */
function pixelsIn(
  domain: Domain,
  images: ImageTable,
  model: ModelOptions,
  all: Int32Array,
): (indices: Int32Array) => Pixels {
  const length = model.side * model.side * model.channels
  const scale = model.pixels === 'symmetric' ? toSymmetric : (values: Float32Array) => values
  if (areBytes(domain, images, model, all)) {
    const show = storedIn(images, model)
    const values = scale(shareOfByte.slice())
    return (indices) => {
      const bytes = new Uint8Array(indices.length * length)
      indices.forEach((index, i) => bytes.set(show(index), i * length))
      return { bytes, values }
    }
  }
  const show = domainPictures(domain, images, model)
  return (indices) => {
    const values = new Float32Array(indices.length * length)
    indices.forEach((index, i) => values.set(show(index).values, i * length))
    return scale(values)
  }
}

function imagesIn(domain: Domain, images: ImageTable, model: ModelOptions, chosen: Drawn): DomainImages {
  const pixels = pixelsIn(domain, images, model, chosen.indices)(chosen.indices)
  return { ...chosen, pixels, size: model.side, channels: model.channels }
}

/** The vectors as they are stored. */
function vectorsIn({ length, ...sets }: VectorTable, chosen: Drawn): DomainVectors {
  const pixels = new Float32Array(chosen.count * length)
  chosen.indices.forEach((index, i) => {
    const { set, row } = locate(sets, index)
    pixels.set(set.values.subarray(row * length, (row + 1) * length), i * length)
  })
  return { ...chosen, pixels, length }
}

/**
 * The domain's samples, from its open dataset.
 * @param seen the domain whose statistics normalise vectors: the samples that training sees
 */
function samplesOf(
  domain: Domain,
  dataset: Dataset,
  model: ModelOptions,
  seen: Domain = domain,
): DomainSamples {
  const { samples } = dataset
  const chosen = drawn(domain, dataset)
  if (samples.kind === 'image') return imagesIn(domain, samples, model, chosen)
  const vectors = vectorsIn(samples, chosen)
  const { pixels } = seen === domain ? vectors : vectorsIn(samples, drawn(seen, dataset))
  return { ...vectors, pixels: normaliserOf(model.vectors, pixels, samples.length)(vectors.pixels) }
}

/** The number of images that the domain draws of each of its classes. Throws what `loadDomain` throws. */
export async function drawnOfEach(domain: Domain, where: DatasetSource): Promise<number[]> {
  const dataset = await openDataset(domain.dataset, where.datasets, where)
  checkDomain(domain, domain.dataset, dataset.summary)
  const labelOf = labelling(domain, dataset.summary, dataset.samples)
  const labels = draw(domain, dataset).map((index) => Number(labelOf(index)))
  return countByClass(labels, domain.classes.length)
}

/**
 * @param seen the domain whose statistics normalise vectors, of the same dataset; by default the domain itself
 * @throws what `openDataset` and `checkDomain` throw
 */
export async function loadDomain(
  domain: Domain,
  model: ModelOptions,
  where: DatasetSource,
  seen?: Domain,
): Promise<DomainSamples> {
  return samplesOf(domain, await openDataset(domain.dataset, where.datasets, where), model, seen)
}

/**
 * The domain of the held-out images: the same classes and shifts, the whole test split, labelled images only. Null if
 * the domain itself uses the test split or has no labels, or if the dataset has no test image of one of the classes.
 */
export function unseenDomain(domain: Domain, summary: DatasetSummary): Domain | null {
  const unseen = { ...domain, split: 'test', count: 'all', perClass: null, unlabelled: false } as const
  const counts = countsOfClasses(domain.classes, unseen, summary)
  const hasTestImages = counts.length > 0 && counts.every((count) => count > 0)
  return domain.split === 'test' || !hasTestImages ? null : unseen
}

export interface ExperimentSamples {
  readonly source: DomainSamples
  readonly target: DomainSamples
  readonly unseenTarget: DomainSamples | null
}

/** Loads all samples that training and its measures need. A dataset used by both domains is read once. */
export async function loadDomains(
  { source, target, model }: Pick<Experiment, 'source' | 'target' | 'model'>,
  where: DatasetSource,
): Promise<ExperimentSamples> {
  const open = (id: string) => openDataset(id, where.datasets, where)
  const sourceSet = await open(source.dataset)
  const targetSet = target.dataset === source.dataset ? sourceSet : await open(target.dataset)
  const unseen = unseenDomain(target, targetSet.summary)
  return {
    source: samplesOf(source, sourceSet, model),
    target: samplesOf(target, targetSet, model),
    unseenTarget: unseen === null ? null : samplesOf(unseen, targetSet, model, target),
  }
}
