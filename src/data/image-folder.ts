/**
 * Decodes a folder of images (image-files.ts), one after another. Every image keeps its colours and its aspect ratio;
 * one whose shorter side is over 320 pixels is reduced to that. If any image is in colour, all become RGB. Transparent
 * parts are composed on white. A file that cannot be decoded is an error, or is skipped and listed if the user chose
 * that. The caller provides the decoder.
 */
import { labError, LabError } from '../contract/errors'
import { type Note, note } from '../contract/note'
import { withChannels } from './colour'
import { type ImageTable } from './dataset'
import { readWhole } from './file'
import { resizer } from './framing'
import { type ImageFile, type ImageFiles, storedSize } from './image-files'
import type { Split } from './images/arrangement'
import { imageHeader } from './image-header'
import { refuseBeyondMemory } from './memory'
import type { Picture } from './picture'
import type { ReadingOptions } from './reading'
import { sizesOf } from './sizes'

/** `[height, width, channels]` bytes; channels: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA. */
export interface DecodedImage {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly pixels: Uint8Array
}

/** Rejects, with any value, if the bytes are not an image that it can decode. */
export type DecodeImage = (bytes: Uint8Array, file: string) => Promise<DecodedImage>

export interface ImageReading extends ReadingOptions {
  readonly decode: DecodeImage
}

export interface DecodedFiles {
  readonly table: ImageTable
  readonly classNames: string[]
  /** Number of images that were made smaller. */
  readonly reduced: number
  readonly notes: Note[]
}

/** An image of a folder as it is stored. */
export interface FolderImage {
  readonly origin: string
  readonly label: number
  readonly split: Split
  readonly width: number
  readonly height: number
  /** `[height, width, channels]`, with the channels of the whole folder. */
  readonly pixels: Uint8Array
  readonly isReduced: boolean
  /** The bytes of its file. */
  readonly bytes: Uint8Array
}

/** Composes transparent parts on white and scales to [0, 1]. */
function toPicture({ width, height, channels, pixels }: DecodedImage): Picture {
  const colours = channels < 3 ? 1 : 3
  const opaque = channels === colours
  const values = new Float32Array(width * height * colours)
  let to = 0
  for (let from = 0; from < pixels.length; from += channels) {
    const alpha = opaque ? 1 : (pixels[from + colours] ?? 0) / 255
    for (let i = from; i < from + colours; i++) values[to++] = alpha * ((pixels[i] ?? 0) / 255) + (1 - alpha)
  }
  return { width, height, channels: colours, values }
}

const toBytes = (values: Float32Array): Uint8Array =>
  Uint8Array.from(values, (value) => Math.round(value * 255))

/** Throws `image-undecodable`, also if the decoder finds another size or colour than the header states. */
async function decodeFile(
  { file, size, channels }: ImageFile,
  bytes: Uint8Array,
  decode: DecodeImage,
): Promise<DecodedImage> {
  const header = imageHeader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const found =
    header === null
      ? null
      : await decode(bytes, file).catch((error: unknown) => {
          if (error instanceof LabError) throw error
          return null
        })
  const isAsStated =
    found?.width === size.width && found.height === size.height && (found.channels < 3 ? 1 : 3) === channels
  if (found === null || !isAsStated) throw labError('image-undecodable', { file })
  return found
}

/** The image in a file. Throws `image-undecodable`. */
async function readImage(
  from: ImageFile,
  channels: 1 | 3,
  { decode, reading }: ImageReading,
): Promise<FolderImage> {
  reading?.(from.file)
  const bytes = await readWhole(from.file)
  const decoded = await decodeFile(from, bytes, decode)
  const { width, height } = storedSize(from.size)
  const isReduced = width !== from.size.width || height !== from.size.height
  const { origin, label, split } = from
  const isStored = !isReduced && decoded.channels === channels
  const picture = () => {
    const whole = toPicture(decoded)
    return withChannels(isReduced ? resizer(whole, width, height)(whole) : whole, channels)
  }
  return {
    ...{ origin, label, split, width, height, isReduced, bytes },
    pixels: isStored ? decoded.pixels : toBytes(picture().values),
  }
}

function isUndecodable(error: unknown): boolean {
  return error instanceof LabError && error.code === 'image-undecodable'
}

/** Refuses a class of which no image was decoded. */
function refuseEmptyClasses({ root, classNames }: ImageFiles, labels: ReadonlySet<number>): void {
  const empty = classNames.find((_, label) => !labels.has(label))
  if (empty !== undefined) throw labError('class-folder-empty', { folder: root, class: empty })
  if (labels.size === 0) throw labError('no-images', { folder: root })
}

/**
 * The images in the order of their files. Files that cannot be decoded are added to `skipped` if that was chosen.
 * @throws `image-undecodable`; `class-folder-empty` if no image of a class can be decoded, `no-images` if none at all
 */
export async function* decodedImages(
  images: ImageFiles,
  by: ImageReading,
  skipped: string[],
): AsyncGenerator<FolderImage> {
  const labels = new Set<number>()
  let done = 0
  for (const file of images.files) {
    try {
      yield await readImage(file, images.channels, by)
      labels.add(file.label)
    } catch (error) {
      if (!by.choices.skipUndecodable || !isUndecodable(error)) throw error
      skipped.push(file.file)
    }
    by.progress?.(++done, images.count)
  }
  refuseEmptyClasses(images, labels)
}

/** What is said about the files that were left out. */
export function notesOf(skipped: readonly string[]): Note[] {
  const count = skipped.length
  return count === 0 ? [] : [note('files-skipped', { count, reason: 'undecodable', names: skipped })]
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
  let reduced = 0
  return {
    add(image: FolderImage): void {
      sets[image.split].add(image)
      reduced += image.isReduced ? 1 : 0
    },
    end() {
      const [train, test] = [sets.train.end(), sets.test.end()]
      const table = { kind: 'image', channels, train, test: test.labels.length === 0 ? null : test } as const
      return { reduced, table }
    },
  }
}

/**
 * Decodes images into memory.
 * @throws what `decodedImages` throws, and `dataset-beyond-memory`
 */
export async function readImageFiles(files: ImageFiles, by: ImageReading): Promise<DecodedFiles> {
  const { root, channels, classNames } = files
  const skipped = [...files.skipped]
  refuseBeyondMemory(root, files)
  const pixels = new Uint8Array(files.bytes)
  const outline = outlineOf(channels)
  let used = 0
  for await (const image of decodedImages(files, by, skipped)) {
    pixels.set(image.pixels, used)
    used += image.pixels.length
    outline.add(image)
  }
  const { reduced, table } = outline.end()
  const { train, test } = table
  const held = pixels.subarray(train.bytes, used)
  return {
    table: {
      ...table,
      train: { ...train, pixels: pixels.subarray(0, train.bytes) },
      test: test && { ...test, pixels: held },
    },
    ...{ classNames, reduced, notes: [...files.notes, ...notesOf(skipped)] },
  }
}
