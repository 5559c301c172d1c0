/** Shows samples of a dataset as small pictures. */
import { labError } from '../contract/errors'
import type { AnalystOrder, AnalystOutput } from '../contract/worker'
import type { Dataset } from '../data/dataset'
import { poolOf } from '../data/partition'
import { picturesAt } from '../data/pictures'
import type { Reading } from '../data/reading'
import { recentDataset } from './recent-datasets'

/** Throws `no-such-sample`. */
export function requireSamples(id: string, dataset: Dataset, indices: readonly number[]): void {
  const { count } = poolOf(dataset.samples)
  const beyond = indices.find((index) => index >= count)
  if (beyond !== undefined) throw labError('no-such-sample', { dataset: id, sample: beyond, count })
}

/** @throws `no-such-sample`, and what opening the dataset throws */
export async function thumbnailsOf(
  { dataset: id, samples, datasets }: AnalystOrder<'thumbnails'>,
  reading: Reading,
): Promise<AnalystOutput<'thumbnails'>> {
  const dataset = await recentDataset(id, datasets, reading)
  requireSamples(id, dataset, samples)
  return picturesAt(dataset, samples)
}
