/** Labels given to samples of a dataset after it was imported: read, given, and taken over from a file of the user. */
import { promises as fs } from 'fs'
import { sampleCount } from '../contract/dataset'
import { labError } from '../contract/errors'
import type { GivenLabel, Labels } from '../contract/label'
import { makeFolder, writeAtomic } from '../files/atomic'
import { fileError, isMissing } from '../files/file-error'
import { readBounded } from '../files/read'
import { importedFolder, labelsFile } from './imported'
import {
  decodeLabels,
  emptyTable,
  encodeLabels,
  firstNames,
  type LabelTable,
  labelRows,
  refuseContradictions,
  refuseUnknownClasses,
  withLabels,
} from './label-file'
import { changingLabels } from './changing-labels'
import { isPath, summaryOf } from './open-dataset'

/** Far more than a row for each of the images that a dataset may have. */
const maxBytes = 2 ** 26

/** The names of a dataset's samples in the table: their files, or their indices if the dataset holds arrays. */
export interface SampleNames {
  /** The dataset's name. */
  readonly dataset: string
  readonly count: number
  nameOf(sample: number): string
  /** Several if a list names a file more than once; none for a name that no sample has. */
  samplesOf(name: string): readonly number[]
}

/** @throws `labels-of-path`, `unknown-dataset`, `dataset-in-trash`, and what reading an index throws */
export async function sampleNames(id: string, datasets: string): Promise<SampleNames> {
  if (isPath(id)) throw labError('labels-of-path', { path: id })
  const summary = await summaryOf(id, datasets)
  const { id: dataset } = summary
  const folder = await importedFolder(dataset, datasets)
  return folder === null ? ofRows(dataset, sampleCount(summary)) : ofFiles(dataset, folder.origins)
}

function ofRows(dataset: string, count: number): SampleNames {
  return {
    dataset,
    count,
    nameOf: String,
    samplesOf(name) {
      const sample = /^\d+$/.test(name) ? Number(name) : -1
      return sample >= 0 && sample < count ? [sample] : []
    },
  }
}

/** A name in another normal form is the same file: macOS decomposes names, and other programs compose them. */
function ofFiles(dataset: string, origins: readonly string[]): SampleNames {
  const samples = new Map<string, number[]>()
  origins.forEach((origin, sample) => {
    for (const name of new Set([origin, origin.normalize('NFC')])) {
      const known = samples.get(name)
      if (known === undefined) samples.set(name, [sample])
      else known.push(sample)
    }
  })
  return {
    dataset,
    count: origins.length,
    nameOf: (sample) => origins[sample] ?? '',
    samplesOf: (name) => samples.get(name) ?? samples.get(name.normalize('NFC')) ?? [],
  }
}

/**
 * The table in a file, its files named as the dataset names them. Throws what `decodeLabels` throws, and more below.
 * @param classes the labels that may be in it; null: any
 */
async function readTable(
  path: string,
  names: SampleNames,
  classes: readonly string[] | null,
): Promise<LabelTable> {
  const table = decodeLabels(await readBounded(path, maxBytes), path)
  const unknown = table.rows
    .map((row) => row[table.file] ?? '')
    .filter((name) => names.samplesOf(name).length === 0)
  if (unknown.length > 0) {
    throw labError('labels-unknown-files', {
      file: path,
      dataset: names.dataset,
      count: unknown.length,
      names: firstNames(unknown),
    })
  }
  if (classes !== null) refuseUnknownClasses(table, path, classes)
  const asStored = (name: string) => names.nameOf(names.samplesOf(name)[0] ?? -1)
  const rows = table.rows.map((row) => row.map((cell, at) => (at === table.file ? asStored(cell) : cell)))
  const known = { ...table, rows }
  refuseContradictions(known, path)
  return known
}

/** Null if the dataset has no labels. */
async function tableOf(
  path: string,
  names: SampleNames,
  classes: readonly string[] | null = null,
): Promise<LabelTable | null> {
  try {
    return await readTable(path, names, classes)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

function labelsIn(table: LabelTable | null, path: string, names: SampleNames): Labels {
  const found = labelRows(table ?? emptyTable).flatMap((row) =>
    names.samplesOf(row.file).map((sample) => ({ sample, class: row.class, file: row.file })),
  )
  return {
    file: table === null ? null : path,
    labels: found.map(({ sample, class: name }) => ({ sample, class: name })),
    files: found.map(({ file }) => file),
  }
}

/** Null if the dataset has no labels. Throws what `readLabels` throws. */
export async function readLabelTable(id: string, datasets: string): Promise<LabelTable | null> {
  const names = await sampleNames(id, datasets)
  return tableOf(labelsFile(datasets, names.dataset), names)
}

/** Replaces the labels of a dataset; a table without rows deletes its file and is returned as null. */
export async function writeLabelTable(
  table: LabelTable,
  dataset: string,
  datasets: string,
): Promise<LabelTable | null> {
  const path = labelsFile(datasets, dataset)
  if (table.rows.length === 0) {
    await fs.unlink(path).catch((problem: unknown) => {
      if (!isMissing(problem)) throw fileError(problem, path)
    })
    return null
  }
  await makeFolder(datasets)
  await writeAtomic(path, encodeLabels(table))
  return table
}

/**
 * @param classes the labels that may be in the table, which the user may have edited; null: any
 * @throws `labels-of-path`, `unknown-dataset`, `labels-columns`, `labels-unknown-files`, `labels-unknown-classes`,
 * `labels-contradict`
 */
export async function readLabels(
  id: string,
  datasets: string,
  classes: readonly string[] | null = null,
): Promise<Labels> {
  const names = await sampleNames(id, datasets)
  const path = labelsFile(datasets, names.dataset)
  return labelsIn(await tableOf(path, names, classes), path, names)
}

/** A label, or null: the sample has none any more. */
type Change = Omit<GivenLabel, 'class'> & { readonly class: string | null }

/** @throws `label-outside-dataset`, and what `readLabels` and `changingLabels` throw */
export async function giveLabels(id: string, labels: readonly Change[], datasets: string): Promise<Labels> {
  const names = await sampleNames(id, datasets)
  const changes = labels.map(({ sample, class: name }): [string, string | null] => {
    const { dataset, count } = names
    if (sample >= count) throw labError('label-outside-dataset', { dataset, sample, samples: count })
    return [names.nameOf(sample), name]
  })
  return change(names, changes, datasets)
}

/**
 * Gives the labels in a file of the user; one of them replaces that of the same sample.
 * @param classes the labels that may be given
 * @throws `labels-unknown-classes`, and what `readLabels` and `changingLabels` throw
 */
export async function importLabels(
  id: string,
  file: string,
  classes: readonly string[],
  datasets: string,
): Promise<Labels> {
  const names = await sampleNames(id, datasets)
  const rows = labelRows(await readTable(file, names, classes))
  return change(
    names,
    rows.map((row) => [row.file, row.class]),
    datasets,
  )
}

async function change(
  names: SampleNames,
  changes: readonly [string, string | null][],
  datasets: string,
): Promise<Labels> {
  const path = labelsFile(datasets, names.dataset)
  return changingLabels(names.dataset, datasets, async () => {
    const table = (await tableOf(path, names)) ?? emptyTable
    const written = await writeLabelTable(withLabels(table, new Map(changes)), names.dataset, datasets)
    return labelsIn(written, path, names)
  })
}
