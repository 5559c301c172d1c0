/**
 * Reads datasets and domains for display. Files of unknown origin are read in this process, where a crash loses
 * nothing else.
 */
import { noChoices } from '../contract/reading'
import type { AnalystOrder, AnalystOutput } from '../contract/worker'
import { chosenPath, readPath } from '../data/formats/read'
import { summaryOf } from '../data/open-dataset'
import { imagesIn } from '../data/check-domain'
import { loadDomain } from '../data/domain'
import { changesSince } from '../data/folder-changes'
import { importDataset } from '../data/import-dataset'
import { picturesOf } from '../data/pictures'
import { previewOf } from '../data/preview'
import { sampleIndices } from '../training/sample'
import type { Reading } from '../data/reading'
import { decodeImage } from './decode-image'
import { photoReaders } from './photo-readers'
import type { Report } from './reading-report'

const sampleSize = 26

/** Refuses a folder of images, which has to be imported first. */
export async function describeDataset(
  { path }: AnalystOrder<'describeDataset'>,
  reading: Reading,
): Promise<AnalystOutput<'describeDataset'>> {
  reading(path)
  return (await readPath(path, { choices: noChoices })).summary
}

/** The first `count` images of a domain, or all of them if there are fewer. */
export async function galleryOf(
  { domain, model, count, datasets }: AnalystOrder<'gallery'>,
  reading: Reading,
): Promise<AnalystOutput<'gallery'>> {
  const by = { decode: decodeImage, reading }
  const available = imagesIn(domain, await summaryOf(domain.dataset, datasets, by))
  const shown = Math.min(count, available)
  const images = await loadDomain({ ...domain, count: shown }, model, { datasets, ...by })
  return picturesOf(images, model.pixels, Array.from(images.labels.keys()))
}

/** The images of the points in a run's views, in the order of the points. */
export async function imagesOfViews(
  { experiment, datasets }: AnalystOrder<'viewImages'>,
  reading: Reading,
): Promise<AnalystOutput<'viewImages'>> {
  const { model, seed } = experiment
  const shown = async (role: 'source' | 'target') => {
    const images = await loadDomain(experiment[role], model, { datasets, decode: decodeImage, reading })
    return picturesOf(images, model.pixels, sampleIndices(role, images.count, seed))
  }
  return { source: await shown('source'), target: await shown('target') }
}

export async function lookAt(
  { path, choices }: AnalystOrder<'previewDataset'>,
  { reading, progress }: Report,
): Promise<AnalystOutput<'previewDataset'>> {
  const by = { decode: decodeImage, readers: photoReaders, choices, reading, progress }
  return previewOf(chosenPath(path, choices), sampleSize, by)
}

export async function compareDataset(
  { path, id, choices, datasets }: AnalystOrder<'compareDataset'>,
  reading: Reading,
): Promise<AnalystOutput<'compareDataset'>> {
  return changesSince(chosenPath(path, choices), id, datasets, { choices, reading })
}

export function bringIn(
  { path, name, replace, choices, datasets }: AnalystOrder<'importDataset'>,
  { reading, progress }: Report,
): Promise<AnalystOutput<'importDataset'>> {
  const by = { decode: decodeImage, readers: photoReaders, choices, reading, progress, replace }
  return importDataset(chosenPath(path, choices), name, datasets, by)
}
