/** Opens the samples that are predicted: a dataset, or a file or folder that is read without being imported. */
import { join } from 'path'
import { noChoices } from '../contract/reading'
import type { AnalystOrder } from '../contract/worker'
import { chosenPath, readSamples, recogniseFormat } from '../data/formats/read'
import { mostForQuestion } from '../data/memory'
import { isPath, openDataset } from '../data/open-dataset'
import { filesOf } from '../data/partition'
import type { Reading } from '../data/reading'
import { samplesIn } from '../training/samples'
import { encodedPasses, encodedSamples } from './backbone-features'
import { imageFileSamples } from './image-file-samples'
import { samplesFor, type OpenedDataset, type StoredPredictor } from './predictor'
import type { PredictedSamples } from './sample-passes'

type Order = Pick<AnalystOrder<'writePredictions'>, 'samples' | 'datasets'>

/** @throws `samples-unfit-network`, and what reading the path or opening the dataset throws */
export async function openPredictedSamples(
  { samples, datasets }: Order,
  stored: StoredPredictor,
  reading: Reading,
): Promise<PredictedSamples> {
  const where = { datasets, reading, most: mostForQuestion }
  const by = 'path' in samples ? samples : { path: samples.dataset, choices: undefined }
  if (!('path' in samples) && !isPath(samples.dataset)) {
    const id = samples.dataset
    const dataset = await openDataset(id, datasets, { reading, most: mostForQuestion })
    return datasetSamples({ id, dataset }, stored, where)
  }
  const choices = by.choices ?? noChoices
  const path = chosenPath(by.path, choices)
  reading(path)
  const { format, title } = await recogniseFormat(path)
  if (format.holds === 'images') {
    const files = await imageFileSamples({ path, format, choices }, stored, reading)
    return encodedPasses(files, stored.model, datasets)
  }
  const dataset = await readSamples(path, title, format, { choices, reading })
  return datasetSamples({ id: path, dataset }, stored, where)
}

async function datasetSamples(
  opened: OpenedDataset,
  stored: StoredPredictor,
  where: Parameters<typeof samplesFor>[2],
): Promise<PredictedSamples> {
  const { dataset } = opened
  const images = await samplesFor(opened, stored, where)
  where.reading(null)
  const array = await encodedSamples(images, stored.model, where.datasets)
  const samples = samplesIn(array)
  const files = filesOf(dataset.samples)
  const { from, notes } = dataset.summary
  const { count } = array
  return {
    ...{ count, passSize: samples.passSize, areFiles: files !== null, mayFail: false, notes },
    folder: files === null ? null : from,
    nameOf: (index) => files?.[index] ?? index,
    fileOf: (index) => (files === null || from === null ? null : join(from, files[index] ?? '')),
    async *passes(from) {
      for (let start = from - (from % samples.passSize); start < count; start += samples.passSize) {
        const shown = Int32Array.from(
          { length: Math.min(samples.passSize, count - start) },
          (_, row) => start + row,
        )
        yield { start, count: shown.length, rows: () => samples.rows(shown), errors: new Map() }
      }
    },
    dispose: () => samples.dispose(),
  }
}
