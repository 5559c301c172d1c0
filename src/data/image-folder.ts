/**
 * Reads a folder of images with one subfolder per class. The subfolders' names, sorted (numbers by value), become the
 * classes; names that differ only in Unicode normalisation are one class. Every file in a subfolder is an image,
 * except hidden files. A file that cannot be decoded is an error, or is skipped and listed if the user chose that. The
 * caller provides the decoder.
 *
 * All images of a dataset have one size. If the files have one size of at most 32x32, they keep it; otherwise each is
 * stretched to 28x28 like the framing `fill`. If any image is in colour, all become RGB. Transparent parts are
 * composed on white.
 */
import { promises as fs } from 'fs'
import { join, sep } from 'path'
import { labError, LabError } from '../contract/errors'
import { withChannels } from './colour'
import { equalImages, type ImageTable, maxBytes, maxClasses } from './dataset'
import { readWhole, statOf, tooLarge } from './file'
import { imageSize, resizer } from './framing'
import { imageHeader } from './image-header'
import type { Picture } from './picture'
import type { Reading } from './reading'
import type { Size } from './sizes'

/** `[height, width, channels]` bytes; channels: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA. */
export interface DecodedImage {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly pixels: Uint8Array
}

/** Rejects, with any value, if the bytes are not an image that it can decode. */
export type DecodeImage = (bytes: Uint8Array, file: string) => Promise<DecodedImage>

export interface ImageReading {
  readonly decode: DecodeImage
  readonly skipUndecodable: boolean
  readonly reading?: Reading | undefined
}

export interface ImageFolder {
  readonly images: ImageTable
  readonly classNames: string[]
  /** Files that could not be decoded, if skipping was chosen. */
  readonly skipped: string[]
}

/** Limit on width and height: a small file may claim an enormous size. */
const maxSide = 4096
/** Limit for one folder. */
const maxImages = 100_000
const megapixel = 1_000_000
/** Limit for all images of a folder together: some minutes of decoding. */
const maxMegapixels = 4000
/** Larger images are reduced to 28x28 during reading, so that photographs do not fill the memory. */
const maxKept = 32

const byNumber = new Intl.Collator('en', { numeric: true })

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
  return kept.sort((a, b) => byNumber.compare(a, b) || (a < b ? -1 : 1))
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

function toStandard(picture: Picture): Picture {
  return resizer(picture, imageSize, imageSize)(picture)
}

/**
 * The picture in a file; its size is charged to `budget` before decoding. Throws `image-undecodable` and
 * `image-too-large`.
 */
async function readPicture(
  file: string,
  { decode, reading }: ImageReading,
  budget: Budget,
): Promise<Picture> {
  reading?.(file)
  const bytes = await readWhole(file)
  try {
    const header = imageHeader(bytes)
    if (header === null) throw labError('image-undecodable', { file })
    refuseTooLarge(file, header)
    budget.spend(header)
    const picture = toPicture(await decode(bytes, file))
    return picture.width > maxKept || picture.height > maxKept ? toStandard(picture) : picture
  } catch (error) {
    if (error instanceof LabError) throw error
    throw labError('image-undecodable', { file })
  }
}

function isUndecodable(error: unknown): boolean {
  return error instanceof LabError && error.code === 'image-undecodable'
}

/** Limits for one folder of images. */
interface Budget {
  readonly root: string
  /** Called before an image is decoded. Throws `too-many-images` and `too-many-pixels`. */
  spend(size: Size): void
  /** Called for each picture that is kept. Throws `dataset-too-large`. */
  keep(picture: Picture): void
}

function budgetFor(root: string): Budget {
  let images = 0
  let pixels = 0
  let bytes = 0
  return {
    root,
    spend({ width, height }) {
      images += 1
      pixels += width * height
      if (images > maxImages) throw labError('too-many-images', { folder: root, most: maxImages })
      if (pixels > maxMegapixels * megapixel)
        throw labError('too-many-pixels', { folder: root, most: maxMegapixels })
    },
    keep({ values }) {
      bytes += values.byteLength
      if (bytes > maxBytes) throw tooLarge(root, bytes)
    },
  }
}

/** The pictures of one class. Throws `class-folder-empty` if there are none, or none can be decoded. */
async function readClass(
  folder: string,
  reading: ImageReading,
  budget: Budget,
  skipped: string[],
): Promise<Picture[]> {
  const pictures: Picture[] = []
  for (const name of await entries(folder, budget.root, 'file')) {
    try {
      const picture = await readPicture(join(folder, name), reading, budget)
      budget.keep(picture)
      pictures.push(picture)
    } catch (error) {
      if (!reading.skipUndecodable || !isUndecodable(error)) throw error
      skipped.push(join(folder, name))
    }
  }
  if (pictures.length === 0) throw labError('class-folder-empty', { folder })
  return pictures
}

/** Converts pictures of any size to a table of one size, in bytes. */
function tableOf(pictures: readonly Picture[], labels: readonly number[], folder: string): ImageTable {
  const [first] = pictures
  const size = ({ width, height }: Picture) => `${width} x ${height}`
  const alike = first !== undefined && pictures.every((picture) => size(picture) === size(first))
  const { width, height } = alike ? first : { width: imageSize, height: imageSize }
  const channels = pictures.some((picture) => picture.channels === 3) ? 3 : 1
  const length = width * height * channels
  if (length * pictures.length > maxBytes) throw tooLarge(folder, length * pictures.length)
  const pixels = new Uint8Array(length * pictures.length)
  for (const [i, picture] of pictures.entries()) {
    const { values } = withChannels(alike ? picture : toStandard(picture), channels)
    for (let k = 0; k < length; k++) pixels[i * length + k] = Math.round((values[k] ?? 0) * 255)
  }
  return equalImages({ width, height, channels, train: { pixels, labels }, test: null })
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

/**
 * @throws `no-class-folders`, `class-folder-empty`, `image-undecodable`, `image-too-large`, `link-leads-outside`,
 * `too-many-images`, `too-many-pixels`, `dataset-too-large`
 */
export async function readImageFolder(folder: string, reading: ImageReading): Promise<ImageFolder> {
  const foldersByClass = byComposedName(await entries(folder, folder, 'folder'))
  const classNames = [...foldersByClass.keys()]
  if (classNames.length === 0) throw labError('no-class-folders', { folder })
  if (classNames.length > maxClasses) throw labError('unknown-format', { file: folder })
  const budget = budgetFor(folder)
  const skipped: string[] = []
  const pictures: Picture[] = []
  const labels: number[] = []
  for (const [label, names] of [...foldersByClass.values()].entries()) {
    for (const name of names) {
      for (const picture of await readClass(join(folder, name), reading, budget, skipped)) {
        pictures.push(picture)
        labels.push(label)
      }
    }
  }
  return { images: tableOf(pictures, labels, folder), classNames, skipped }
}
