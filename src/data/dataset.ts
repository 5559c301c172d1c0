/** The common form of all datasets once read: samples of one kind with their labels, training and test. */
import type { DatasetSummary } from '../contract/dataset'
import type { Picture } from './picture'
import type { Part, PixelFile } from './pixel-file'
import { type Size, type Sizes, sizeAt, startOf } from './sizes'

/** The label of a sample whose class is not known. */
export const unknownLabel = -1

interface Labelled {
  /** `[count]`, each an index into the dataset's class names, or `unknownLabel`. */
  readonly labels: Int32Array
  /** `[count]`, the file of each sample, relative to the imported folder. Absent: the row in the imported file. */
  readonly origins?: readonly string[]
}

export interface ImageSet extends Labelled {
  /** Each picture as `[height, width, channels]`, one after another. Bytes mean 0 to 255, floats 0 to 1; 0 is black. */
  readonly pixels: Uint8Array | Float32Array
  /** Where the pixels (bytes) are if they are too large for memory; `pixels` is then empty. */
  readonly file?: PixelFile
  readonly sizes: Sizes
}

export interface VectorSet extends Labelled {
  /** `[count, length]`, finite. */
  readonly values: Float32Array
}

/** The images in the split given by the files. */
export interface ImageTable {
  readonly kind: 'image'
  readonly channels: 1 | 3
  readonly train: ImageSet
  /** Null if the files hold only one set of images. */
  readonly test: ImageSet | null
}

/** The vectors in the split given by the files. */
export interface VectorTable {
  readonly kind: 'vector'
  readonly length: number
  readonly train: VectorSet
  /** Null if the files hold only one set of vectors. */
  readonly test: VectorSet | null
}

export type SampleTable = ImageTable | VectorTable

export interface Dataset {
  readonly summary: DatasetSummary
  readonly samples: SampleTable
  /** Digest of its files, by which a changed dataset is recognised; absent if it was read from a path of the user's. */
  readonly digest?: string
}

/** The images of a dataset that holds images. */
export function imagesOf({ samples }: Pick<Dataset, 'samples'>): ImageTable {
  if (samples.kind !== 'image') throw new Error('these samples are vectors')
  return samples
}

/** More labels than this are treated as a mistake, such as an array with other content. */
export const maxClasses = 1000

/**
 * Limit on the unpacked size of a dataset: the trainer holds it in memory, and a corrupt size must not exhaust memory.
 */
export const maxBytes = 2 ** 29

interface EqualSet {
  /** `[count, height, width, channels]`, row after row. */
  readonly pixels: Uint8Array | Float32Array
  readonly labels: ArrayLike<number>
}

interface EqualImages extends Size {
  readonly channels: 1 | 3
  readonly train: EqualSet
  readonly test: EqualSet | null
}

/** A table of images that all have one size. */
export function equalImages({ width, height, channels, train, test }: EqualImages): ImageTable {
  const set = ({ pixels, labels }: EqualSet): ImageSet => ({
    pixels,
    labels: labels instanceof Int32Array ? labels : Int32Array.from(labels),
    sizes: { width, height },
  })
  return { kind: 'image', channels, train: set(train), test: test && set(test) }
}

/** `[256]`: what the bytes of images mean. */
export const shareOfByte = Float32Array.from({ length: 256 }, (_, byte) => byte / 255)

/** Where the pixels of a row start and end. */
export function partOf({ sizes }: ImageSet, channels: 1 | 3, row: number): Part {
  const { width, height } = sizeAt(sizes, row)
  const start = startOf(sizes, row) * channels
  return { start, end: start + width * height * channels }
}

export type Stored = Uint8Array | Float32Array

/** The pixels in a row of a set as they are stored. They are not a copy. */
export function storedAt(set: ImageSet, channels: 1 | 3, row: number): Stored {
  const part = partOf(set, channels, row)
  return set.file?.read(part) ?? set.pixels.subarray(part.start, part.end)
}

/** The picture in a row of a set. */
export function pictureAt(
  set: ImageSet,
  channels: 1 | 3,
  row: number,
  stored = storedAt(set, channels, row),
): Picture {
  const { width, height } = sizeAt(set.sizes, row)
  if (stored instanceof Float32Array) return { width, height, channels, values: stored.slice() }
  const values = new Float32Array(stored.length)
  for (let i = 0; i < stored.length; i++) values[i] = shareOfByte[stored[i] ?? 0] ?? 0
  return { width, height, channels, values }
}
