/** The common form of all datasets once read: labelled images of one size, training and test. */
import type { DatasetSummary } from '../contract/dataset'

/** The label of an image whose class is not known. */
export const unknownLabel = -1

export interface LabelledImages {
  /** `[count, height, width, channels]`, row after row. Bytes mean 0 to 255, floats 0 to 1; 0 is black. */
  readonly pixels: Uint8Array | Float32Array
  /** `[count]`, each an index into the dataset's class names, or `unknownLabel`. */
  readonly labels: Uint8Array | Int32Array
}

/** The images in the split given by the files. */
export interface ImageTable {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  readonly train: LabelledImages
  /** Null if the files hold only one set of images. */
  readonly test: LabelledImages | null
}

export interface Dataset {
  readonly summary: DatasetSummary
  readonly images: ImageTable
}

/** More labels than this are treated as a mistake, such as an array with other content. */
export const maxClasses = 1000

/**
 * Limit on the unpacked size of a dataset: the trainer holds it in memory, and a corrupt size must not exhaust memory.
 */
export const maxBytes = 2 ** 29
