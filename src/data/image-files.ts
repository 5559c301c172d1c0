/**
 * The images of a folder or a list with the header of every file: what they take is known before the first one is
 * decoded.
 */
import { promises as fs } from 'fs'
import { labError } from '../contract/errors'
import { type Note, note } from '../contract/note'
import { refuseUnbounded } from '../files/read'
import { maxBytes, maxClasses, unknownLabel } from './dataset'
import { statOf } from './file'
import { type ImageHeader, imageHeader } from './image-header'
import { type Arrangement, arrange, type Split } from './images/arrangement'
import { maxFiles, readTree } from './images/folder-tree'
import type { ReadingOptions } from './reading'
import type { Size } from './sizes'

export interface ImageFile {
  readonly file: string
  /** The path relative to the folder, with `/`. */
  readonly origin: string
  /** An index into the class names, or `unknownLabel`. */
  readonly label: number
  readonly split: Split
  /** The size as decoded. */
  readonly size: Size
  readonly channels: 1 | 3
}

export interface ImageFiles {
  /** The folder or the list. */
  readonly root: string
  readonly classNames: string[]
  /** Training images first. */
  readonly files: readonly ImageFile[]
  /** 3 if any image is in colour. */
  readonly channels: 1 | 3
  readonly count: number
  /** Bytes of all pixels in memory and on disk, after reduction. */
  readonly bytes: number
  /** Files whose header cannot be read, if skipping was chosen. */
  readonly skipped: readonly string[]
  readonly notes: readonly Note[]
}

/** Limit on width and height: a small file may claim an enormous size. */
const maxSide = 4096
const megapixel = 1_000_000
/** Limit for all images of a folder together: some minutes of decoding. */
const maxMegapixels = 4000
/** Larger images are reduced during the import, so that their shorter side has this many pixels. */
export const maxShorterSide = 320

/** The size at which an image is stored: the aspect ratio is kept, in whole pixels. */
export function storedSize(size: Size): Size {
  const shorter = Math.min(size.width, size.height)
  if (shorter <= maxShorterSide) return size
  const side = (length: number) => Math.round((length * maxShorterSide) / shorter)
  return { width: side(size.width), height: side(size.height) }
}

/** Throws `image-too-large`. */
export function refuseTooLarge(file: string, { width, height }: Size): void {
  if (width > maxSide || height > maxSide) {
    throw labError('image-too-large', { file, width, height, most: maxSide })
  }
}

/** Enough for the header of most files: a JPEG may have an embedded preview before it. */
const headBytes = 2 ** 16

/**
 * The header of an image file, of which usually only the start is read.
 * @throws `file-too-large`, `file-unreadable`, `file-not-found`
 */
async function readHeader(file: string): Promise<ImageHeader | null> {
  await statOf(file)
  await refuseUnbounded(file, maxBytes)
  const handle = await fs.open(file, 'r')
  try {
    const head = Buffer.alloc(headBytes)
    const { bytesRead } = await handle.read(head, 0, headBytes, 0)
    const header = imageHeader(head.subarray(0, bytesRead))
    return header !== null || bytesRead < headBytes ? header : imageHeader(await fs.readFile(file))
  } finally {
    await handle.close()
  }
}

/** Adds up what files claim. Throws `too-many-images` and `too-many-pixels`. */
function budgetFor(folder: string): (size: Size) => void {
  let images = 0
  let pixels = 0
  return ({ width, height }) => {
    images += 1
    pixels += width * height
    if (images > maxFiles) throw labError('too-many-images', { folder, most: maxFiles })
    if (pixels > maxMegapixels * megapixel) {
      throw labError('too-many-pixels', { folder, most: maxMegapixels })
    }
  }
}

/**
 * Reads the header of every file.
 * @throws `image-undecodable`, `image-too-large`, `too-many-images`, `too-many-pixels`, `file-unreadable`
 */
export async function headersOf(
  root: string,
  { files, classNames, notes }: Arrangement,
  { choices, reading }: ReadingOptions,
): Promise<ImageFiles> {
  if (classNames.length > maxClasses) {
    throw labError('too-many-classes', { file: root, found: classNames.length, most: maxClasses })
  }
  const spend = budgetFor(root)
  const skipped: string[] = []
  const kept: ImageFile[] = []
  const labels = new Map(classNames.map((name, index) => [name, index]))
  for (const { file, origin, className, split } of files) {
    reading?.(file)
    const header = await readHeader(file)
    if (header === null) {
      if (!choices.skipUndecodable) throw labError('image-undecodable', { file })
      skipped.push(file)
      continue
    }
    const { width, height, channels } = header
    refuseTooLarge(file, header)
    spend(header)
    const label = className === null ? unknownLabel : (labels.get(className) ?? unknownLabel)
    kept.push({ file, origin, label, split, size: { width, height }, channels })
  }
  const channels = kept.some((file) => file.channels === 3) ? 3 : 1
  const pixels = kept.reduce((sum, { size }) => {
    const { width, height } = storedSize(size)
    return sum + width * height
  }, 0)
  return {
    ...{ root, classNames: [...classNames], files: kept, channels, count: kept.length },
    ...{ bytes: pixels * channels, skipped, notes },
  }
}

/** @throws what `readTree`, `arrange` and `headersOf` throw */
export async function listImageFolder(root: string, options: ReadingOptions): Promise<ImageFiles> {
  const { root: tree, links } = await readTree(root, options)
  const { files, classNames, notes } = arrange(tree)
  const followed = links.length === 0 ? [] : [note('links-followed', { count: links.length, names: links })]
  return headersOf(root, { files, classNames, notes: [...notes, ...followed] }, options)
}
