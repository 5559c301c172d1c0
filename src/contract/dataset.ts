/** Datasets: the list, previews of imports, and the trash. */
import { z } from 'zod'
import { formatSummarySchema } from './format'
import { noteSchema } from './note'
import { choicesSchema } from './reading'
import { domainSchema, modelSchema } from './experiment'
import { bytes, none, run } from './fields'

export const datasetSummarySchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** File or folder; null for the datasets that come with the lab. */
  path: z.string().nullable(),
  /** The file or folder that was imported, if its path is known; null for all others. */
  from: z.string().nullable(),
  kind: z.enum(['image', 'vector']),
  /** Null for vectors, and for pictures of different sizes. */
  width: z.int().nullable(),
  height: z.int().nullable(),
  /** Null for vectors. */
  channels: z.int().nullable(),
  /** Values in a vector; null for images. */
  length: z.int().nullable(),
  /** Empty if no sample has a label. */
  classNames: z.array(z.string()),
  /** Samples by partition and split (`original/train`); a split that does not exist is absent. */
  counts: z.record(z.string(), z.int()),
  /** Those with a label, by class: `classCounts['original/train'][label]`. */
  classCounts: z.record(z.string(), z.array(z.int())),
  licence: z.string(),
  /** Number of pictures that were made smaller when they were imported. */
  reduced: z.int().min(0),
  /** What was understood and done when the files were read. */
  notes: z.array(noteSchema),
})
export type DatasetSummary = z.infer<typeof datasetSummarySchema>

/** Number of all samples, in either split. */
export function sampleCount({ counts }: Pick<DatasetSummary, 'counts'>): number {
  return (counts['original/train'] ?? 0) + (counts['original/test'] ?? 0)
}

/** The kind of samples for an error: `image`, which has a word in each language, or the shape of the vectors. */
export function kindForError(length: number | null): string {
  return length === null ? 'image' : `[${length}]`
}

/** An imported dataset in the trash, with its name there. */
export const trashedDatasetSchema = z.strictObject({
  name: z.string(),
  dataset: datasetSummarySchema,
  bytes: z.int(),
})
export type TrashedDataset = z.infer<typeof trashedDatasetSchema>

/**
 * Images for display, all of one size with at most 96 pixels a side, in row-major order, one byte per channel. A
 * dataset's pictures of different sizes are centred on black squares. Vectors have none.
 */
export const imagesSchema = z.strictObject({
  width: z.int(),
  height: z.int(),
  channels: z.int(),
  labels: z.array(z.int()),
  pixels: bytes,
})
export type Images = z.infer<typeof imagesSchema>

const lengthsSchema = z.strictObject({ least: z.int(), most: z.int() })

/** The dataset at a path as it would be imported. */
export const previewSchema = z.strictObject({
  /** The id of its format. */
  format: z.string(),
  summary: datasetSummarySchema,
  /** The smallest and largest width and height; null for vectors. */
  sizes: z.strictObject({ width: lengthsSchema, height: lengthsSchema }).nullable(),
  /** Empty for vectors. */
  sample: imagesSchema,
})
export type Preview = z.infer<typeof previewSchema>

/** How the files of a folder differ from those that were imported from it. */
export const changesSchema = z.strictObject({
  added: z.int().min(0),
  removed: z.int().min(0),
  changed: z.int().min(0),
  /** The first of their names, for display. */
  files: z.string(),
})
export type Changes = z.infer<typeof changesSchema>

export const datasetCommands = {
  datasets: { input: none, output: z.array(datasetSummarySchema) },
  /** The formats that can be read, in the order in which they are tried. */
  formats: { input: none, output: z.array(formatSummarySchema) },
  /** The first `count` images of a domain, prepared as for an experiment. */
  gallery: {
    input: z.strictObject({
      domain: domainSchema,
      model: modelSchema.prefault({}),
      count: z.int().min(1).max(400),
    }),
    output: imagesSchema,
  },
  /** The dataset at a path, read but not imported. */
  previewDataset: {
    input: z.strictObject({ path: z.string(), choices: choicesSchema.prefault({}) }),
    output: previewSchema,
  },
  /**
   * What changed in a folder of images since the dataset `id` was imported from it; null if nothing did, or if the
   * dataset has another origin.
   */
  compareDataset: {
    input: z.strictObject({ path: z.string(), id: z.string(), choices: choicesSchema.prefault({}) }),
    output: changesSchema.nullable(),
  },
  /** Puts files into one new folder, each under its name there, which may contain folders ("cats/1.png"). */
  gatherFiles: {
    input: z.strictObject({
      /** Name of the folder. */
      name: z.string(),
      files: z.array(z.strictObject({ path: z.string(), name: z.string() })),
    }),
    output: z.strictObject({ path: z.string() }),
  },
  importDataset: {
    input: z.strictObject({
      path: z.string(),
      /** Invalid names are refused with `dataset-name-invalid`. */
      name: z.string(),
      choices: choicesSchema.prefault({}),
      /** Moves a dataset of this name to the trash first. */
      replace: z.boolean().default(false),
    }),
    output: datasetSummarySchema,
  },
  /** Uses of a dataset: runs with it as source or target, and series with waiting experiments on it. */
  datasetUse: {
    input: z.strictObject({ id: z.string() }),
    output: z.strictObject({
      runs: z.array(z.strictObject({ run, name: z.string() })),
      series: z.array(z.string()),
    }),
  },
  /** Moves an imported dataset into the trash; returns its name there. */
  trashDataset: { input: z.strictObject({ id: z.string() }), output: z.strictObject({ name: z.string() }) },
  trashedDatasets: { input: none, output: z.array(trashedDatasetSchema) },
  restoreDataset: { input: z.strictObject({ name: z.string() }), output: z.strictObject({ id: z.string() }) },
  /** Ends the reading of this file or folder; the call that started it is refused with `reading-cancelled`. */
  cancelReading: { input: z.strictObject({ path: z.string() }), output: none },
} as const
