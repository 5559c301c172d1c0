/** Reads the dataset at a path for a preview: its summary and a sample of its pictures. */
import { basename, resolve } from 'path'
import type { DatasetSummary, Images } from '../contract/dataset'
import { listImageFolder } from './image-files'
import { type FolderImage, decodedImages, type ImageReading, outlineOf } from './image-folder'
import { isImageFolder, readPath } from './open-dataset'
import type { Picture } from './picture'
import { sampleOf, samplePictures } from './pictures'
import { factsOf, summarise } from './summary'
import { imagesFrom, thumbnailOf } from './thumbnails'

export interface Preview {
  readonly summary: DatasetSummary
  /** Empty for vectors. */
  readonly sample: Images
  /** Files that could not be decoded, if skipping was chosen. */
  readonly skipped: string[]
}

function thumbnailFrom({ width, height, pixels }: FolderImage, channels: 1 | 3): Picture {
  const values = Float32Array.from(pixels, (byte) => byte / 255)
  return thumbnailOf({ width, height, channels, values })
}

/** Decodes every image of a folder, and keeps only the thumbnails of the sample. */
async function previewFolder(path: string, count: number, by: ImageReading): Promise<Preview> {
  const files = await listImageFolder(path, by)
  const { channels, classNames, skipped } = files
  const outline = outlineOf(channels)
  const origins = files.folders.flatMap((folder) => folder.files.map(({ origin }) => origin))
  const chosen = sampleOf(files.count, count).map((index) => origins[index] ?? '')
  const wanted = new Set(chosen)
  const shown = new Map<string, { readonly picture: Picture; readonly label: number }>()
  for await (const image of decodedImages(files, by, skipped)) {
    outline.add(image)
    if (wanted.has(image.origin)) {
      shown.set(image.origin, { picture: thumbnailFrom(image, channels), label: image.label })
    }
  }
  const { reduced, table } = outline.end()
  const sample = chosen.flatMap((origin) => shown.get(origin) ?? [])
  return {
    summary: summarise(table, classNames, factsOf(path, basename(resolve(path)), reduced)),
    sample: imagesFrom(
      sample.map(({ picture }) => picture),
      sample.map(({ label }) => label),
    ),
    skipped,
  }
}

/** Throws what `readPath` throws. */
export async function previewOf(path: string, count: number, by: ImageReading): Promise<Preview> {
  if (await isImageFolder(path)) return previewFolder(path, count, by)
  const { dataset, skipped } = await readPath(path, by)
  return { summary: dataset.summary, sample: samplePictures(dataset, count), skipped }
}
