/**
 * Loads a domain as arrays: the images of an experiment, drawn, framed, shifted and scaled as input of the networks.
 */
import type { Domain, Experiment, ModelOptions } from '../contract/experiment'
import type { DatasetSummary } from '../contract/dataset'
import type { ClassNames } from '../contract/record'
import { checkDomain } from './check-domain'
import { withChannels } from './colour'
import type { Dataset, ImageTable } from './dataset'
import { openDataset, type PathReading } from './open-dataset'
import { framer, imageSize } from './framing'
import { countByClass, locate, poolOf, splitIndices } from './partition'
import type { Picture } from './picture'
import { stream } from './random'
import { keptOfEach } from './rarity'
import { applyShift } from './shifts'

export interface DomainImages {
  /** `[count, size, size, channels]`, in [0, 1] (`unit`) or [-1, 1] (`symmetric`). */
  readonly pixels: Float32Array
  /** `[count]`, each an index into the domain's `classes`. */
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
function draw(domain: Domain, images: ImageTable): Int32Array {
  const pool = poolOf(images)
  const candidates = splitIndices(images, domain.partition, domain.split).filter((index) =>
    domain.classes.includes(pool.labelAt(index)),
  )
  const order = stream(domain.seed, 'draw')
    .permutation(candidates.length)
    .map((position) => candidates[position] ?? 0)
  const kept = withRareClasses(domain, order, (index) => pool.labelAt(index))
  return kept.subarray(0, domain.count === 'all' ? kept.length : domain.count)
}

/** Keeps the first images of each class in the drawn order, up to the number that `keptOfEach` gives the class. */
function withRareClasses(
  { rarest, classes }: Domain,
  order: Int32Array,
  labelOf: (index: number) => number,
): Int32Array {
  if (rarest === 1) return order
  const labels = order.map((index) => classes.indexOf(labelOf(index)))
  const remaining = keptOfEach(
    classes.map((_, label) => labels.filter((one) => one === label).length),
    rarest,
  )
  return order.filter((_, position) => {
    const label = labels[position] ?? 0
    remaining[label] = (remaining[label] ?? 0) - 1
    return (remaining[label] ?? 0) >= 0
  })
}

const shareOfByte = Float32Array.from({ length: 256 }, (_, byte) => byte / 255)

/** Copies the dataset's image at `index` into `values`, scaled to [0, 1]. */
function copyImage(images: ImageTable, index: number, values: Float32Array): void {
  const { set, row } = locate(images, index)
  const stored = set.pixels.subarray(row * values.length, (row + 1) * values.length)
  if (stored instanceof Uint8Array)
    for (let i = 0; i < values.length; i++) values[i] = shareOfByte[stored[i] ?? 0] ?? 0
  else values.set(stored)
}

function pictureAt(images: ImageTable, index: number): Picture {
  const { width, height, channels } = images
  const values = new Float32Array(width * height * channels)
  copyImage(images, index, values)
  return { width, height, channels, values }
}

/** Whether the domain uses the dataset's images unchanged. */
function isUnchanged({ shifts }: Domain, { width, height, channels }: ImageTable, wanted: 1 | 3): boolean {
  return shifts.length === 0 && width === imageSize && height === imageSize && channels === wanted
}

/** Returns a function that gives the domain's image at a dataset index: framed, shifted, with `channels` channels. */
function domainPictures(domain: Domain, images: ImageTable, channels: 1 | 3): (index: number) => Picture {
  const frame = framer(images, domain.framing)
  return (index) => {
    const framed = frame(pictureAt(images, index))
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
function imagesOf(domain: Domain, { summary, images }: Dataset, model: ModelOptions): DomainImages {
  checkDomain(domain, domain.dataset, summary)
  const { channels } = model
  const indices = draw(domain, images)
  const pool = poolOf(images)
  const show = domainPictures(domain, images, channels)
  const unchanged = isUnchanged(domain, images, channels)
  const length = imageSize * imageSize * channels
  const pixels = new Float32Array(indices.length * length)
  indices.forEach((index, i) => {
    const image = pixels.subarray(i * length, (i + 1) * length)
    if (unchanged) copyImage(images, index, image)
    else image.set(show(index).values)
  })
  if (model.pixels === 'symmetric') toSymmetric(pixels)
  const labels = indices.map((index) => domain.classes.indexOf(pool.labelAt(index)))
  return { pixels, labels, indices, count: indices.length, size: imageSize, channels }
}

/** The number of images that the domain draws of each of its classes. Throws what `loadDomain` throws. */
export async function drawnOfEach(domain: Domain, where: DatasetSource): Promise<number[]> {
  const { summary, images } = await openDataset(domain.dataset, where.datasets, where)
  checkDomain(domain, domain.dataset, summary)
  const pool = poolOf(images)
  const labels = draw(domain, images).map((index) => domain.classes.indexOf(pool.labelAt(index)))
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
 * The domain of the held-out images: the same classes and shifts, the whole test split. Null if the domain itself uses
 * the test split, or if the dataset has no test image of one of the classes.
 */
export function unseenDomain(domain: Domain, summary: DatasetSummary): Domain | null {
  const counts = summary.classCounts[`${domain.partition}/test`]
  const hasTestImages = counts !== undefined && domain.classes.every((label) => (counts[label] ?? 0) > 0)
  return domain.split === 'test' || !hasTestImages ? null : { ...domain, split: 'test', count: 'all' }
}

/** The names of the domain's classes, in the order of `classes`. */
export function namesIn({ classes }: Domain, { classNames }: DatasetSummary): string[] {
  return classes.map((label) => classNames[label] ?? String(label))
}

export interface ExperimentImages {
  readonly source: DomainImages
  readonly target: DomainImages
  readonly unseenTarget: DomainImages | null
}

export interface LoadedImages extends ExperimentImages {
  readonly classNames: ClassNames
}

/** Loads all images that training and its measures need. A dataset used by both domains is read once. */
export async function loadDomains(
  { source, target, model }: Pick<Experiment, 'source' | 'target' | 'model'>,
  where: DatasetSource,
): Promise<LoadedImages> {
  const open = (id: string) => openDataset(id, where.datasets, where)
  const sourceSet = await open(source.dataset)
  const targetSet = target.dataset === source.dataset ? sourceSet : await open(target.dataset)
  const unseen = unseenDomain(target, targetSet.summary)
  return {
    source: imagesOf(source, sourceSet, model),
    target: imagesOf(target, targetSet, model),
    unseenTarget: unseen === null ? null : imagesOf(unseen, targetSet, model),
    classNames: {
      source: namesIn(source, sourceSet.summary),
      target: namesIn(target, targetSet.summary),
    },
  }
}
