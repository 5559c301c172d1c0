/** What every kind of dataset becomes once it is read: images of one size with labels, training and test. */
import type { DatasetSummary } from '../contract/dataset'

export interface LabelledImages {
  /** `[count, height, width, channels]`, row after row. Bytes mean 0 to 255, floats 0 to 1; 0 is black. */
  readonly pixels: Uint8Array | Float32Array
  /** `[count]`, each an index into the dataset's class names. */
  readonly labels: Uint8Array | Int32Array
}

/** The images as the files split them. */
export interface ImageTable {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  readonly train: LabelledImages
  /** Null where the files hold one set of images only. */
  readonly test: LabelledImages | null
}

export interface Dataset {
  readonly summary: DatasetSummary
  readonly images: ImageTable
}

/** More labels than this are taken for a mistake, such as an array of something else. */
export const maxClasses = 1000

/** No dataset unpacks to more than this: the trainer holds it in memory, and a damaged size must not fill it. */
export const maxBytes = 2 ** 29
