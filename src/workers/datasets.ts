/** Datasets and domains to look at. Files of unknown origin are read here, where a crash takes nothing with it. */
import type { AnalystOrder, AnalystOutput } from '../contract/worker'
import { summaryOf } from '../data/datasets'
import { loadDomain } from '../data/domain'
import { importDataset, previewDataset } from '../data/import-dataset'
import { picturesOf, sampleOf } from '../data/pictures'
import { sampleOf as drawSample } from '../training/sample'
import type { DecodeImage } from '../data/image-folder'

const sampleSize = 60

/** The first `count` images of a domain, fewer where it has fewer. */
export async function galleryOf(
  { domain, model, count, datasets }: AnalystOrder<'gallery'>,
  decode: DecodeImage,
): Promise<AnalystOutput<'gallery'>> {
  const where = { datasets, decode }
  const { classCounts } = await summaryOf(domain.dataset, datasets, decode)
  const counts = classCounts[`${domain.partition}/${domain.split}`] ?? []
  const available = domain.classes.reduce((sum, label) => sum + (counts[label] ?? 0), 0)
  const shown = Math.min(count, domain.count === 'all' ? available : domain.count)
  const images = await loadDomain({ ...domain, count: shown }, model, where)
  return picturesOf(images, model.pixels, Array.from(images.labels.keys()))
}

/** The images behind the points of a run's views, in the order of the points. */
export async function imagesOfViews(
  { experiment, datasets }: AnalystOrder<'viewImages'>,
  decode: DecodeImage,
): Promise<AnalystOutput<'viewImages'>> {
  const { model, seed } = experiment
  const shown = async (role: 'source' | 'target') => {
    const images = await loadDomain(experiment[role], model, { datasets, decode })
    return picturesOf(images, model.pixels, drawSample(role, images.count, seed))
  }
  return { source: await shown('source'), target: await shown('target') }
}

export async function lookAt(
  { path, skipUndecodable }: AnalystOrder<'previewDataset'>,
  decode: DecodeImage,
): Promise<AnalystOutput<'previewDataset'>> {
  const { dataset, skipped } = await previewDataset(path, { decode, skipUndecodable })
  return { summary: dataset.summary, sample: sampleOf(dataset, sampleSize), skipped }
}

export function bringIn(
  { path, name, skipUndecodable, datasets }: AnalystOrder<'importDataset'>,
  decode: DecodeImage,
): Promise<AnalystOutput<'importDataset'>> {
  return importDataset(path, name, datasets, { decode, skipUndecodable })
}
