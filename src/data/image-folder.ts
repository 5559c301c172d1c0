/**
 * Decodes a folder of images (image-files.ts) in their order. Every image keeps its colours and its aspect ratio
 * (photo.ts). If any image is in colour, all become RGB. A file that cannot be read is an error, or is skipped and
 * counted if the user chose that. The caller provides the decoder.
 */
import { labError } from '../contract/errors'
import type { Note } from '../contract/note'
import { type ImageTable } from './dataset'
import { mostTogether } from './image-header'
import { type ImageFile, type ImageFiles } from './image-files'
import { imageTally, type ImageTally } from './image-tally'
import { inOrder } from './in-order'
import { refuseBeyondMemory } from './memory'
import type { Split } from './partition'
import { type DecodeImage, type Photo, readPhoto, type Stated } from './photo'
import type { ReadingOptions } from './reading'
import { sizesOf } from './sizes'
import { isSkippable, skippedFor } from './skipped'

export type { DecodedImage } from './image-kinds/decoded-image'
export type { DecodeImage } from './photo'

/** Reads images in other processes, several at a time. */
export interface PhotoReaders {
  /** Number of images that are read at a time. */
  readonly count: number
  read(stated: Stated, channels: 1 | 3): Promise<Photo>
}

export interface ImageReading extends ReadingOptions {
  readonly decode: DecodeImage
  /** For folders of many images; null: all are read in this process. */
  readonly readers?: (images: number) => PhotoReaders | null
}

export interface DecodedFiles {
  readonly table: ImageTable
  readonly classNames: string[]
  /** Number of images that were made smaller. */
  readonly reduced: number
  readonly notes: Note[]
}

/** An image of a folder as it is stored. */
export interface FolderImage extends Photo {
  readonly origin: string
  readonly label: number
  readonly split: Split
}

/** The images of the folder, in order, as they are read; a rejected one rejects its own promise only. */
function read(files: readonly ImageFile[], channels: 1 | 3, by: ImageReading) {
  const readers = by.readers?.(files.length) ?? null
  const readOne = ({ file, size, channels: own }: ImageFile): Promise<Photo> => {
    const stated = { file, size, channels: own }
    return readers === null ? readPhoto(stated, channels, by.decode) : readers.read(stated, channels)
  }
  const isAlone = ({ size }: ImageFile) => size.width * size.height > mostTogether
  return inOrder(files, { count: readers === null ? 1 : readers.count + 1, isAlone }, readOne, ({ file }) =>
    by.reading?.(file),
  )
}

/** Refuses a class of which no image was decoded. */
function refuseEmptyClasses({ root, classNames }: ImageFiles, labels: ReadonlySet<number>): void {
  const empty = classNames.find((_, label) => !labels.has(label))
  if (empty !== undefined) throw labError('class-folder-empty', { folder: root, class: empty })
  if (labels.size === 0) throw labError('no-images', { folder: root })
}

/**
 * The images in the order of their files. What was done to them is added to `tally`, also the files that were skipped.
 * @throws `image-undecodable`, `image-kind-unread`, `image-too-large`, `image-beyond-memory`; `class-folder-empty` if no
 * image of a class can be decoded, `no-images` if none at all
 */
export async function* decodedImages(
  images: ImageFiles,
  by: ImageReading,
  tally: ImageTally,
): AsyncGenerator<FolderImage> {
  const labels = new Set<number>()
  let done = 0
  for await (const [{ file, origin, label, split }, photo] of read(images.files, images.channels, by)) {
    try {
      const image = { ...(await photo), origin, label, split }
      tally.add(image)
      yield image
      labels.add(label)
    } catch (error) {
      if (!by.choices.skipUndecodable || !isSkippable(error)) throw error
      tally.skip(skippedFor(file, error))
    }
    by.progress?.(++done, images.count)
  }
  refuseEmptyClasses(images, labels)
}

/** What a set of images holds besides pixels. */
function setOutline() {
  const labels: number[] = []
  const origins: string[] = []
  const widths: number[] = []
  const heights: number[] = []
  let bytes = 0
  return {
    add({ label, origin, width, height, pixels }: FolderImage): void {
      labels.push(label)
      origins.push(origin)
      widths.push(width)
      heights.push(height)
      bytes += pixels.length
    },
    end: () => ({
      labels: Int32Array.from(labels),
      sizes: sizesOf(Uint16Array.from(widths), Uint16Array.from(heights)),
      origins,
      bytes,
    }),
  }
}

/** Collects what a table holds besides pixels. */
export function outlineOf(channels: 1 | 3) {
  const sets = { train: setOutline(), test: setOutline() }
  return {
    add(image: FolderImage): void {
      sets[image.split].add(image)
    },
    end() {
      const [train, test] = [sets.train.end(), sets.test.end()]
      return { kind: 'image', channels, train, test: test.labels.length === 0 ? null : test } as const
    },
  }
}

/**
 * Decodes images into memory.
 * @throws what `decodedImages` throws, and `dataset-beyond-memory`
 */
export async function readImageFiles(files: ImageFiles, by: ImageReading): Promise<DecodedFiles> {
  const { root, channels, classNames } = files
  const tally = imageTally(files)
  refuseBeyondMemory(root, files)
  const pixels = new Uint8Array(files.bytes)
  const outline = outlineOf(channels)
  let used = 0
  for await (const image of decodedImages(files, by, tally)) {
    pixels.set(image.pixels, used)
    used += image.pixels.length
    outline.add(image)
  }
  const table = outline.end()
  const { train, test } = table
  const held = pixels.subarray(train.bytes, used)
  return {
    table: {
      ...table,
      train: { ...train, pixels: pixels.subarray(0, train.bytes) },
      test: test && { ...test, pixels: held },
    },
    ...{ classNames, ...tally.end() },
  }
}
