/**
 * Loads a domain as arrays: the images of an experiment, drawn, framed, shifted and scaled as input of the networks.
 */
import type { Domain, ModelOptions } from '../contract/experiment'
import type { DatasetSummary } from '../contract/dataset'
import { countsOfClasses } from '../contract/classes'
import { withChannels } from './colour'
import {
  type Dataset,
  type ImageTable,
  pictureAt,
  shareOfByte,
  storedAt,
  type Stored,
  partOf,
  type ImageSet,
  unknownLabel,
  type VectorTable,
} from './dataset'
import { drawn, type Drawn } from './draw'
import { openDataset, type PathReading } from './open-dataset'
import { cubic, framingTo, triangle } from './framing'
import { mostHeldFor, mostResident } from './memory'
import { type ColumnStatistics, columnStatistics, type Normaliser, normaliserOf } from './normalise'
import { countByClass, locate, poolOf } from './partition'
import type { Picture } from './picture'
import { areStored, type Pixels, pixelsBetween, type StoredPixels } from './pixels'
import { stream } from './random'
import { applyShift } from './shifts'
import { samplesOutside } from './shots'
import { sizeAt } from './sizes'

export interface DomainImages extends Drawn {
  /**
   * `[count, size, size, channels]`, in [0, 1] (`unit`) or [-1, 1] (`symmetric`). Bytes if every image is a stored image
   * of bytes as it is, without resampling, conversion to grey or shifts. Of a domain too large for memory, only parts
   * are read.
   */
  readonly pixels: Pixels | StoredPixels
  readonly size: number
  readonly channels: 1 | 3
  /** What determines the pixels of an index besides the model; absent for files that may change unnoticed. */
  readonly origin?: ImagesOrigin | undefined
}

export interface ImagesOrigin {
  /** Digest of the dataset. */
  readonly dataset: string
  readonly shown: Shown
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

/** What is done to the images of a domain. */
export type Shown = Pick<Domain, 'framing' | 'shifts' | 'seed'>

/** The stored pixels of the image at a dataset index. */
type StoredOf = (index: number) => Stored

/** Returns a function that gives a picture at a dataset index framed, shifted, and with the model's channels. */
function shower(
  domain: Shown,
  { side, channels, backbone }: ModelOptions,
): (picture: Picture, index: number) => Picture {
  const frame = framingTo(domain.framing, side, backbone === null ? triangle : cubic)
  return (picture, index) => {
    const framed = frame(picture)
    const shifted = domain.shifts.reduce(
      (picture, shift, order) =>
        applyShift(picture, shift, () => stream(domain.seed, 'shift', order, shift.kind, index)),
      framed,
    )
    return withChannels(shifted, channels)
  }
}

/** Returns a function that gives the domain's image at a dataset index. */
function domainPictures(
  domain: Shown,
  images: ImageTable,
  model: ModelOptions,
): (index: number, storedOf: StoredOf) => Picture {
  const show = shower(domain, model)
  return (index, storedOf) => {
    const { set, row } = locate(images, index)
    return show(pictureAt(set, images.channels, row, storedOf(index)), index)
  }
}

/**
 * Returns a function that gives the network's input, `[side, side, channels]`, for a picture at a dataset index: the
 * values that `loadDomain` gives the same picture.
 */
export function inputOf(
  domain: Shown,
  model: ModelOptions,
): (picture: Picture, index: number) => Float32Array {
  const show = shower(domain, model)
  const scale = model.pixels === 'symmetric' ? toSymmetric : (values: Float32Array) => values
  return (picture, index) => scale(show(picture, index).values)
}

/** Changes [0, 1] to [-1, 1], in place. */
function toSymmetric(values: Float32Array): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] = 2 * (values[i] ?? 0) - 1
  return values
}

/** Whether the networks see the stored bytes of all these images, each as a number of its own. */
function areBytes(
  { shifts }: Shown,
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
      return set.pixels instanceof Uint8Array && width === side && height === side
    })
  )
}

/** The stored pixels, each repeated for `copies` channels. */
function repeated(stored: Stored, copies: number): Stored {
  if (copies === 1) return stored
  return Uint8Array.from({ length: copies * stored.length }, (_, i) => stored[Math.floor(i / copies)] ?? 0)
}

/** Gives the pixels of images of the domain. */
type PixelsOf = (indices: Int32Array, storedOf: StoredOf) => Pixels

/** @param asBytes whether `areBytes` */
function pixelsIn(domain: Shown, images: ImageTable, model: ModelOptions, asBytes: boolean): PixelsOf {
  const length = model.side * model.side * model.channels
  const scale = model.pixels === 'symmetric' ? toSymmetric : (values: Float32Array) => values
  if (asBytes) {
    const values = scale(shareOfByte.slice())
    return (indices, storedOf) => {
      const bytes = new Uint8Array(indices.length * length)
      indices.forEach((index, i) =>
        bytes.set(repeated(storedOf(index), model.channels / images.channels), i * length),
      )
      return { bytes, values }
    }
  }
  const show = domainPictures(domain, images, model)
  return (indices, storedOf) => {
    const values = new Float32Array(indices.length * length)
    indices.forEach((index, i) => values.set(show(index, storedOf).values, i * length))
    return scale(values)
  }
}

/** The stored pixels of these images, read from files while the caller goes on. */
async function storedAhead(images: ImageTable, indices: Int32Array): Promise<StoredOf> {
  const located = Array.from(indices, (index) => ({ index, ...locate(images, index) }))
  const read = new Map<number, Stored>()
  const ofSet = async (set: ImageSet) => {
    const own = located.filter((one) => one.set === set)
    const parts = own.map(({ row }) => partOf(set, images.channels, row))
    const found =
      (await set.file?.readAhead(parts)) ?? parts.map(({ start, end }) => set.pixels.subarray(start, end))
    own.forEach(({ index }, i) => read.set(index, found[i] ?? new Uint8Array(0)))
  }
  await Promise.all([...new Set(located.map(({ set }) => set))].map(ofSet))
  return (index) => read.get(index) ?? new Uint8Array(0)
}

/** @param most bytes that the pixels may take in memory; of more, only batches are read */
function imagesIn(
  domain: Shown,
  images: ImageTable,
  model: ModelOptions,
  chosen: Drawn & Pick<DomainImages, 'origin'>,
  most: number,
): DomainImages {
  const { side, channels } = model
  const asBytes = areBytes(domain, images, model, chosen.indices)
  const pixelsOf = pixelsIn(domain, images, model, asBytes)
  const storedOf: StoredOf = (index) => {
    const { set, row } = locate(images, index)
    return storedAt(set, images.channels, row)
  }
  const bytes = chosen.count * side * side * channels * (asBytes ? 1 : 4)
  // A backbone reads only the images whose features are not kept yet.
  if (model.backbone === null && bytes <= most) {
    return { ...chosen, pixels: pixelsOf(chosen.indices, storedOf), size: side, channels }
  }
  const indicesAt = (positions: Int32Array) => positions.map((position) => chosen.indices[position] ?? -1)
  const pixels: StoredPixels = {
    read: (positions) => pixelsOf(indicesAt(positions), storedOf),
    async readAhead(positions) {
      const indices = indicesAt(positions)
      return pixelsOf(indices, await storedAhead(images, indices))
    },
  }
  return { ...chosen, pixels, size: side, channels }
}

/** The seed is kept only where it decides something. */
function originOf({ framing, shifts, seed }: Shown, { digest }: Dataset): ImagesOrigin | undefined {
  return digest === undefined
    ? undefined
    : { dataset: digest, shown: { framing, shifts, seed: shifts.length === 0 ? 0 : seed } }
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
export function samplesOf(
  domain: Domain,
  dataset: Dataset,
  model: ModelOptions,
  most = mostResident,
  seen: Domain = domain,
): DomainSamples {
  const { samples } = dataset
  const chosen = drawn(domain, dataset)
  if (samples.kind === 'image')
    return imagesIn(domain, samples, model, { ...chosen, origin: originOf(domain, dataset) }, most)
  const vectors = vectorsIn(samples, chosen)
  const { pixels } = seen === domain ? vectors : vectorsIn(samples, drawn(seen, dataset))
  return { ...vectors, pixels: normaliserOf(model.vectors, pixels, samples.length)(vectors.pixels) }
}

/**
 * Normalises vectors as the model says; images are left as they are.
 * @param seen a domain of the open dataset whose samples give the statistics; null: statistics are not needed
 * @throws what `drawn` throws
 */
export function normaliserFor(seen: Domain | null, dataset: Dataset, model: ModelOptions): Normaliser {
  const { samples } = dataset
  if (samples.kind === 'image') return (values) => values
  const pixels = seen === null ? new Float32Array(0) : vectorsIn(samples, drawn(seen, dataset)).pixels
  return normaliserOf(model.vectors, pixels, samples.length)
}

/**
 * All samples of a dataset in its own order, training samples first; their labels are not looked at.
 * @param normalise applied to vectors
 * @param most bytes of pixels that may be in memory; of more, only batches are read
 */
export function everySample(
  dataset: Dataset,
  shown: Shown,
  model: ModelOptions,
  normalise: Normaliser,
  most = mostResident,
): DomainSamples {
  const { samples } = dataset
  const { count } = poolOf(samples)
  const indices = Int32Array.from({ length: count }, (_, index) => index)
  const all = { indices, count, labels: new Int32Array(count).fill(unknownLabel) }
  if (samples.kind === 'image')
    return imagesIn(shown, samples, model, { ...all, origin: originOf(shown, dataset) }, most)
  const vectors = vectorsIn(samples, all)
  return { ...vectors, pixels: normalise(vectors.pixels) }
}

/** Mean and deviation of each column of the domain's vectors. Throws what `loadDomain` throws. */
export async function columnStatisticsOf(domain: Domain, where: DatasetSource): Promise<ColumnStatistics> {
  const dataset = await openDataset(domain.dataset, where.datasets, where)
  const { samples } = dataset
  if (samples.kind === 'image') throw new Error('these samples are images')
  return columnStatistics(vectorsIn(samples, drawn(domain, dataset)).pixels, samples.length)
}

/** The number of images that the domain draws of each of its classes. Throws what `loadDomain` throws. */
export async function drawnOfEach(domain: Domain, where: DatasetSource): Promise<number[]> {
  const { labels } = drawn(domain, await openDataset(domain.dataset, where.datasets, where))
  return countByClass(labels, domain.classes.length)
}

/** The samples of this list that the domain does not draw. Throws what `loadDomain` throws. */
export async function outsideOf(
  domain: Domain,
  samples: readonly number[],
  where: DatasetSource,
): Promise<number[]> {
  return samplesOutside(samples, drawn(domain, await openDataset(domain.dataset, where.datasets, where)))
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
  const most = mostHeldFor(model, where.most)
  const dataset = await openDataset(domain.dataset, where.datasets, { ...where, most })
  return samplesOf(domain, dataset, model, where.most, seen)
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

/** The one sample at a position. */
export function sampleAt(samples: DomainSamples, position: number): DomainSamples {
  const [start, end] = [position, position + 1]
  const one = {
    count: 1,
    indices: samples.indices.slice(start, end),
    labels: samples.labels.slice(start, end),
  }
  if ('length' in samples) {
    const { length, pixels } = samples
    return { ...samples, ...one, pixels: pixels.slice(start * length, end * length) }
  }
  const { pixels, size, channels } = samples
  const values = size * size * channels
  const read = areStored(pixels)
    ? pixels.read(Int32Array.of(position))
    : pixelsBetween(pixels, start * values, end * values)
  return { ...samples, ...one, pixels: read }
}
