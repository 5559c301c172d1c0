/**
 * The images of a folder or a list with the header of every file: what they take is known before the first one is
 * decoded.
 */
import { promises as fs } from 'fs'
import { labError } from '../contract/errors'
import { type Note, note } from '../contract/note'
import { refuseUnbounded } from '../files/read'
import { refuseClassNames } from './class-names'
import { maxBytes, maxClasses, unknownLabel } from './dataset'
import { readStart, statOf } from './file'
import { imageHeader, refuseTooLarge, requireHeader } from './image-header'
import type { ImageHeader } from './image-kinds/kind'
import { type Arrangement, arrange } from './images/arrangement'
import { maxFiles, readTree } from './images/folder-tree'
import type { Split } from './partition'
import type { ReadingOptions } from './reading'
import type { Size } from './sizes'
import { isSkippable, type Skipped, skippedFor } from './skipped'
import { storedSize } from './stored-size'

export interface ImageFile {
  readonly file: string
  /** The path relative to the folder, with `/`. */
  readonly origin: string
  /** An index into the class names, or `unknownLabel`. */
  readonly label: number
  readonly split: Split
  /** The size as shown: turned, before it is reduced. */
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
  /** Files that cannot be read, as far as their headers show, if skipping was chosen. */
  readonly skipped: readonly Skipped[]
  readonly notes: readonly Note[]
}

/** Enough for the header of most files: a JPEG may have an embedded preview before it. */
const headBytes = 2 ** 16

/**
 * The header of an image file, of which usually only the start is read.
 * @throws `image-undecodable`, `image-kind-unread`, `image-too-large`, `file-too-large`, `file-unreadable`,
 * `file-not-found`
 */
export async function readHeader(file: string): Promise<ImageHeader> {
  await statOf(file)
  await refuseUnbounded(file, maxBytes)
  const head = await readStart(file, headBytes)
  const isWhole = head.length < headBytes
  const header = imageHeader(head) ?? requireHeader(file, isWhole ? head : await fs.readFile(file))
  refuseTooLarge(file, header)
  return header
}

/**
 * Reads the header of every file.
 * @throws `image-undecodable`, `image-kind-unread`, `image-too-large`, `too-many-images`, `file-unreadable`
 */
export async function headersOf(
  root: string,
  { files, classNames, notes }: Arrangement,
  { choices, reading }: ReadingOptions,
): Promise<ImageFiles> {
  if (classNames.length > maxClasses) {
    throw labError('too-many-classes', { file: root, found: classNames.length, most: maxClasses })
  }
  if (files.length > maxFiles) throw labError('too-many-images', { folder: root, most: maxFiles })
  refuseClassNames(classNames, root)
  const skipped: Skipped[] = []
  const kept: ImageFile[] = []
  const labels = new Map(classNames.map((name, index) => [name, index]))
  for (const { file, origin, className, split } of files) {
    reading?.(file)
    const header = await readHeader(file).catch((error: unknown) => {
      if (!choices.skipUndecodable || !isSkippable(error)) throw error
      skipped.push(skippedFor(file, error))
    })
    if (header === undefined) continue
    const { width, height, channels } = header
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

/**
 * The images of a folder in order; none of them is opened.
 * @throws what `readTree` and `arrange` throw
 */
export async function arrangeFolder(root: string, options: ReadingOptions): Promise<Arrangement> {
  const { root: tree, links } = await readTree(root, options)
  const arrangement = arrange(tree)
  const followed = links.length === 0 ? [] : [note('links-followed', { count: links.length, names: links })]
  return { ...arrangement, notes: [...arrangement.notes, ...followed] }
}

/** @throws what `arrangeFolder` and `headersOf` throw */
export async function listImageFolder(root: string, options: ReadingOptions): Promise<ImageFiles> {
  return headersOf(root, await arrangeFolder(root, options), options)
}
