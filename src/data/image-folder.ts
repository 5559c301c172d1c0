/**
 * A folder of images with one subfolder a class: the subfolders' names, sorted (numbers by their value), become
 * the classes. Two names that differ only in how Unicode composes a letter look alike, and are one class. Every file in a subfolder is taken for an image, except hidden ones; one that does not decode is
 * an error, or skipped and listed where that was chosen. Decoding itself is the caller's.
 *
 * A dataset's images are all of one size. Where these are of one size, at most 32x32, they stay as they are;
 * else each is stretched to 28x28 as the framing `fill` does. If any is in colour, all become RGB.
 * Transparent parts are laid on white.
 */
import { promises as fs } from 'fs'
import { join, sep } from 'path'
import { labError, LabError } from '../contract/errors'
import { withChannels } from './colour'
import { type ImageTable, maxBytes, maxClasses } from './dataset'
import { readWhole, statOf, tooLarge } from './file'
import { imageSize, resizer } from './framing'
import { imageHeader } from './image-header'
import type { Picture } from './picture'
import type { Reading } from './reading'

/** `[height, width, channels]` bytes; channels: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA. */
export interface DecodedImage {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly pixels: Uint8Array
}

/** Rejects, with anything, where the bytes are no image that it knows. */
export type DecodeImage = (bytes: Uint8Array, file: string) => Promise<DecodedImage>

export interface ImageReading {
  readonly decode: DecodeImage
  readonly skipUndecodable: boolean
  readonly reading?: Reading | undefined
}

export interface ImageFolder {
  readonly images: ImageTable
  readonly classNames: string[]
  /** Files that did not decode, where skipping was chosen. */
  readonly skipped: string[]
}

/** No image is decoded that is wider or higher: a small file may claim to be enormous. */
const maxSide = 4096
/** In one folder. */
const maxImages = 100_000
const megapixel = 1_000_000
/** All images of a folder together: some minutes of decoding. */
const maxMegapixels = 4000
/** Larger images are reduced to 28x28 as they are read, so that photographs do not fill the memory. */
const maxKept = 32

const byNumber = new Intl.Collator('en', { numeric: true })

/**
 * The entries of a folder that are not hidden, sorted; `wanted` says which by what they are.
 * @throws `link-leads-outside` where one leads out of `root`
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

/** A folder that was handed over must not bring in what else lies on this machine. */
async function refuseOutside(path: string, root: string): Promise<void> {
  const [target, inside] = await Promise.all([fs.realpath(path), fs.realpath(root)])
  if (!target.startsWith(inside + sep)) throw labError('link-leads-outside', { file: path, folder: root })
}

interface Size {
  readonly width: number
  readonly height: number
}

/** Throws `image-too-large`. */
export function refuseTooLarge(file: string, { width, height }: Size): void {
  if (width > maxSide || height > maxSide) {
    throw labError('image-too-large', { file, width, height, most: maxSide })
  }
}

/** Lays what is transparent on white and scales to [0, 1]. */
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

/** The picture in a file; `budget` hears of its size first. Throws `image-undecodable` and `image-too-large`. */
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

/** How much one folder of images may take. */
interface Budget {
  readonly root: string
  /** Before an image is decoded. Throws `too-many-images` and `too-many-pixels`. */
  spend(size: Size): void
  /** What is kept of it. Throws `dataset-too-large`. */
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

/** The pictures of one class. Throws `class-folder-empty` where there is none, or none that decodes. */
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

/** Pictures of any size as a table of one size, in bytes. */
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
  return { width, height, channels, train: { pixels, labels: Int32Array.from(labels) }, test: null }
}

/** Names as they are on disk, by what they are called: in NFC, however the system or an archive wrote them. */
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
