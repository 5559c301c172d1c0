/**
 * Lists a folder of images with one subfolder per class, and reads the header of every file: what the images take is
 * known before the first one is decoded. The subfolders' names, sorted (numbers by value), become the classes; names
 * that differ only in Unicode normalisation are one class. Every file in a subfolder is an image, except hidden files.
 */
import { promises as fs } from 'fs'
import { join, sep } from 'path'
import { labError } from '../contract/errors'
import { refuseUnbounded } from '../files/read'
import { maxBytes, maxClasses } from './dataset'
import { statOf } from './file'
import { type ImageHeader, imageHeader } from './image-header'
import { compareNames } from './name-order'
import type { ReadingOptions } from './reading'
import type { Size } from './sizes'

export interface ImageFile {
  readonly file: string
  /** The path relative to the folder, with `/`. */
  readonly origin: string
  readonly label: number
  /** The size as decoded. */
  readonly size: Size
  readonly channels: 1 | 3
}

/** The images of one subfolder. */
export interface ClassFolder {
  readonly folder: string
  readonly files: readonly ImageFile[]
}

export interface ImageFiles {
  readonly root: string
  readonly classNames: string[]
  readonly folders: readonly ClassFolder[]
  /** 3 if any image is in colour. */
  readonly channels: 1 | 3
  readonly count: number
  /** Bytes of all pixels in memory and on disk, after reduction. */
  readonly bytes: number
  /** Files whose header cannot be read, if skipping was chosen. */
  readonly skipped: readonly string[]
}

/** Limit on width and height: a small file may claim an enormous size. */
const maxSide = 4096
/** Limit for one folder. */
const maxImages = 100_000
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

/**
 * The visible entries of a folder, sorted; `wanted` selects files or folders.
 * @throws `link-leads-outside` if one is a link to a path outside `root`
 */
async function entries(folder: string, root: string, wanted: 'file' | 'folder'): Promise<string[]> {
  const names = (await fs.readdir(folder)).filter((name) => !name.startsWith('.'))
  if (names.length > maxImages) throw labError('too-many-images', { folder, most: maxImages })
  const kept: string[] = []
  for (const name of names) {
    const path = join(folder, name)
    const isFolder = (await statOf(path)).isDirectory()
    if (isFolder !== (wanted === 'folder')) continue
    await refuseOutside(path, root)
    kept.push(name)
  }
  return kept.sort(compareNames)
}

/** An imported folder must not bring in other files of this machine. */
async function refuseOutside(path: string, root: string): Promise<void> {
  const [target, inside] = await Promise.all([fs.realpath(path), fs.realpath(root)])
  if (!target.startsWith(inside + sep)) throw labError('link-leads-outside', { file: path, folder: root })
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

/** Groups names on disk by their NFC form, since systems and archives normalise names differently. */
function byComposedName(names: readonly string[]): Map<string, string[]> {
  const byName = new Map<string, string[]>()
  for (const name of names) {
    const composed = name.normalize('NFC')
    byName.set(composed, [...(byName.get(composed) ?? []), name])
  }
  return byName
}

/** Adds up what the files of one folder claim. Throws `too-many-images` and `too-many-pixels`. */
function budgetFor(folder: string): (size: Size) => void {
  let images = 0
  let pixels = 0
  return ({ width, height }) => {
    images += 1
    pixels += width * height
    if (images > maxImages) throw labError('too-many-images', { folder, most: maxImages })
    if (pixels > maxMegapixels * megapixel) {
      throw labError('too-many-pixels', { folder, most: maxMegapixels })
    }
  }
}

/** Lists the images of one subfolder; files without a readable header are added to `skipped` if that was chosen. */
async function listClass(
  { root, name, label }: { readonly root: string; readonly name: string; readonly label: number },
  spend: (size: Size) => void,
  { choices, reading }: ReadingOptions,
  skipped: string[],
): Promise<ClassFolder> {
  const folder = join(root, name)
  const files: ImageFile[] = []
  for (const entry of await entries(folder, root, 'file')) {
    const file = join(folder, entry)
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
    files.push({ file, origin: `${name}/${entry}`, label, size: { width, height }, channels })
  }
  if (files.length === 0) throw labError('class-folder-empty', { folder })
  return { folder, files }
}

/**
 * @throws `no-class-folders`, `class-folder-empty`, `image-undecodable`, `image-too-large`, `link-leads-outside`,
 * `too-many-images`, `too-many-pixels`, `file-unreadable`
 */
export async function listImageFolder(root: string, options: ReadingOptions): Promise<ImageFiles> {
  const foldersByClass = byComposedName(await entries(root, root, 'folder'))
  const classNames = [...foldersByClass.keys()]
  if (classNames.length === 0) throw labError('no-class-folders', { folder: root })
  if (classNames.length > maxClasses) throw labError('unknown-format', { file: root })
  const spend = budgetFor(root)
  const skipped: string[] = []
  const folders: ClassFolder[] = []
  for (const [label, names] of [...foldersByClass.values()].entries()) {
    for (const name of names) folders.push(await listClass({ root, name, label }, spend, options, skipped))
  }
  const files = folders.flatMap((folder) => folder.files)
  const channels = files.some((file) => file.channels === 3) ? 3 : 1
  const pixels = files.reduce((sum, { size }) => {
    const { width, height } = storedSize(size)
    return sum + width * height
  }, 0)
  return { root, classNames, folders, channels, count: files.length, bytes: pixels * channels, skipped }
}
