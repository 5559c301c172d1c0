/** Reads the dataset at a path for a preview: its summary and a sample of its pictures. */
import type { Preview } from '../contract/dataset'
import type { VectorTable } from './dataset'
import { readSamples, recogniseFormat } from './formats/read'
import type { ImageFiles } from './image-files'
import { type FolderImage, decodedImages, type ImageReading, outlineOf } from './image-folder'
import { imageTally } from './image-tally'
import type { Picture } from './picture'
import { sampleOf, samplePictures } from './pictures'
import { sizeRange } from './sizes'
import { factsOf, type ImagesOutline, summarise } from './summary'
import { imagesFrom, thumbnailOf } from './thumbnails'

function thumbnailFrom({ width, height, pixels }: FolderImage, channels: 1 | 3): Picture {
  const values = Float32Array.from(pixels, (byte) => byte / 255)
  return thumbnailOf({ width, height, channels, values })
}

function sizesIn(samples: ImagesOutline | VectorTable): Preview['sizes'] {
  if (samples.kind === 'vector') return null
  const sets = [samples.train, samples.test].flatMap((set) => set ?? [])
  return sizeRange(sets.filter(({ labels }) => labels.length > 0).map(({ sizes }) => sizes))
}

/** Decodes every image, and keeps only the thumbnails of the sample. */
async function previewImages(
  files: ImageFiles,
  { path, title, count }: { readonly path: string; readonly title: string; readonly count: number },
  by: ImageReading,
): Promise<Omit<Preview, 'format'>> {
  const { channels, classNames } = files
  const tally = imageTally(files)
  const outline = outlineOf(channels)
  const origins = files.files.map(({ origin }) => origin)
  const chosen = sampleOf(files.count, count).map((index) => origins[index] ?? '')
  const wanted = new Set(chosen)
  const shown = new Map<string, { readonly picture: Picture; readonly label: number }>()
  for await (const image of decodedImages(files, by, tally)) {
    outline.add(image)
    if (wanted.has(image.origin)) {
      shown.set(image.origin, { picture: thumbnailFrom(image, channels), label: image.label })
    }
  }
  const table = outline.end()
  const { reduced, notes } = tally.end()
  const sample = chosen.flatMap((origin) => shown.get(origin) ?? [])
  return {
    summary: summarise(table, classNames, factsOf(path, title, reduced, notes)),
    sizes: sizesIn(table),
    sample: imagesFrom(
      sample.map(({ picture }) => picture),
      sample.map(({ label }) => label),
    ),
  }
}

/** Throws what `readPath` throws. */
export async function previewOf(path: string, count: number, by: ImageReading): Promise<Preview> {
  const { format, title } = await recogniseFormat(path)
  if (format.holds === 'images') {
    const files = await format.list(path, by)
    return { format: format.id, ...(await previewImages(files, { path, title, count }, by)) }
  }
  const { summary, samples } = await readSamples(path, title, format, by)
  const sample = samplePictures({ summary, samples }, count)
  return { format: format.id, summary, sizes: sizesIn(samples), sample }
}
