/**
 * A folder of images with one subfolder a class: the subfolders' names, sorted (numbers by their value), become
 * the classes. Every file in a subfolder is taken for an image, except hidden ones; one that does not decode is
 * an error, or skipped and listed where that was chosen. Decoding itself is the caller's.
 *
 * A dataset's images are all of one size. Where these are of one size, at most 32x32, they stay as they are;
 * else each is stretched to 28x28 as the framing `fill` does. If any is in colour, all become RGB.
 * Transparent parts are laid on white.
 */
import { promises as fs } from 'fs'
import { join } from 'path'
import { imageSize as sizeOf } from 'image-size'
import { labError, LabError } from '../contract/errors'
import { withChannels } from './colour'
import { type ImageTable, mostBytes, mostClasses } from './dataset'
import { readWhole, statOf, tooLarge } from './file'
import { imageSize, resizer } from './framing'
import type { Picture } from './picture'

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
}

export interface ImageFolder {
  readonly images: ImageTable
  readonly classNames: string[]
  /** Files that did not decode, where skipping was chosen. */
  readonly skipped: string[]
}

/** No image is decoded that is wider or higher: a small file may claim to be enormous. */
const mostSide = 4096
/** Larger images are reduced to 28x28 as they are read, so that photographs do not fill the memory. */
const mostKept = 32

const byNumber = new Intl.Collator('en', { numeric: true })

/** The entries of a folder that are not hidden, sorted; `wanted` says which by what they are. */
async function entries(folder: string, wanted: 'file' | 'folder'): Promise<string[]> {
  const names = (await fs.readdir(folder)).filter((name) => !name.startsWith('.'))
  const kept: string[] = []
  for (const name of names) {
    const isFolder = (await statOf(join(folder, name))).isDirectory()
    if (isFolder === (wanted === 'folder')) kept.push(name)
  }
  return kept.sort((a, b) => byNumber.compare(a, b) || (a < b ? -1 : 1))
}

function refuseTooLarge(file: string, { width, height }: { width: number; height: number }): void {
  if (width > mostSide || height > mostSide) {
    throw labError('image-too-large', { file, width, height, most: mostSide })
  }
}

/** Lays what is transparent on white and scales to [0, 1]. */
function toPicture({ width, height, channels, pixels }: DecodedImage): Picture {
  const colours = channels < 3 ? 1 : 3
  const opaque = channels === colours
  const values = new Float32Array(width * height * colours)
  for (let i = 0; i < values.length; i++) {
    const from = Math.floor(i / colours) * channels
    const value = (pixels[from + (i % colours)] ?? 0) / 255
    const alpha = opaque ? 1 : (pixels[from + colours] ?? 0) / 255
    values[i] = alpha * value + (1 - alpha)
  }
  return { width, height, channels: colours, values }
}

function toStandard(picture: Picture): Picture {
  return resizer(picture, imageSize, imageSize)(picture)
}

/** The picture in a file. Throws `image-undecodable` and `image-too-large`. */
async function readPicture(file: string, decode: DecodeImage): Promise<Picture> {
  const bytes = await readWhole(file)
  try {
    refuseTooLarge(file, sizeOf(bytes))
    const picture = toPicture(await decode(bytes, file))
    return picture.width > mostKept || picture.height > mostKept ? toStandard(picture) : picture
  } catch (error) {
    if (error instanceof LabError) throw error
    throw labError('image-undecodable', { file })
  }
}

function isUndecodable(error: unknown): boolean {
  return error instanceof LabError && error.code === 'image-undecodable'
}

/** The pictures of one class. Throws `class-folder-empty` where there is none, or none that decodes. */
async function readClass(folder: string, reading: ImageReading, skipped: string[]): Promise<Picture[]> {
  const pictures: Picture[] = []
  for (const name of await entries(folder, 'file')) {
    try {
      pictures.push(await readPicture(join(folder, name), reading.decode))
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
  if (length * pictures.length > mostBytes) throw tooLarge(folder, length * pictures.length)
  const pixels = new Uint8Array(length * pictures.length)
  for (const [i, picture] of pictures.entries()) {
    const { values } = withChannels(alike ? picture : toStandard(picture), channels)
    for (let k = 0; k < length; k++) pixels[i * length + k] = Math.round((values[k] ?? 0) * 255)
  }
  return { width, height, channels, train: { pixels, labels: Int32Array.from(labels) }, test: null }
}

/** Throws `no-class-folders`, `class-folder-empty`, `image-undecodable` and `image-too-large`. */
export async function readImageFolder(folder: string, reading: ImageReading): Promise<ImageFolder> {
  const classNames = await entries(folder, 'folder')
  if (classNames.length === 0) throw labError('no-class-folders', { folder })
  if (classNames.length > mostClasses) throw labError('unknown-format', { file: folder })
  const skipped: string[] = []
  const pictures: Picture[] = []
  const labels: number[] = []
  for (const [label, name] of classNames.entries()) {
    for (const picture of await readClass(join(folder, name), reading, skipped)) {
      pictures.push(picture)
      labels.push(label)
    }
  }
  return { images: tableOf(pictures, labels, folder), classNames, skipped }
}
