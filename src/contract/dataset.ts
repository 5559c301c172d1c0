/** Datasets: what there is, what an import would bring, the trash. */
import { z } from 'zod'
import { domainSchema, modelSchema } from './experiment'
import { bytes, none, run } from './fields'

export const datasetSummarySchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** Where it lies; null for those that come with the lab. */
  path: z.string().nullable(),
  width: z.int(),
  height: z.int(),
  channels: z.int(),
  classNames: z.array(z.string()),
  /** Images by partition and split (`original/train`); a split that does not exist is absent. */
  counts: z.record(z.string(), z.int()),
  /** The same by class: `classCounts['original/train'][label]`. */
  classCounts: z.record(z.string(), z.array(z.int())),
  licence: z.string(),
})
export type DatasetSummary = z.infer<typeof datasetSummarySchema>

/** An imported dataset in the trash, with the name that it has there. */
export const trashedDatasetSchema = z.strictObject({
  name: z.string(),
  dataset: datasetSummarySchema,
  bytes: z.int(),
})
export type TrashedDataset = z.infer<typeof trashedDatasetSchema>

/** Images of one size, row after row, one byte a channel. */
export const imagesSchema = z.strictObject({
  width: z.int(),
  height: z.int(),
  channels: z.int(),
  labels: z.array(z.int()),
  pixels: bytes,
})
export type Images = z.infer<typeof imagesSchema>

export const datasetCommands = {
  datasets: { input: none, output: z.array(datasetSummarySchema) },
  /** The first `count` images of a domain as an experiment would see them. */
  gallery: {
    input: z.strictObject({
      domain: domainSchema,
      model: modelSchema.prefault({}),
      count: z.int().min(1).max(400),
    }),
    output: imagesSchema,
  },
  /** The dataset that a path holds, looked at but not kept. */
  previewDataset: {
    input: z.strictObject({ path: z.string(), skipUndecodable: z.boolean() }),
    output: z.strictObject({
      summary: datasetSummarySchema,
      sample: imagesSchema,
      skipped: z.array(z.string()),
    }),
  },
  importDataset: {
    input: z.strictObject({
      path: z.string(),
      /** `dataset-name-invalid` says what a name may be. */
      name: z.string(),
      skipUndecodable: z.boolean(),
    }),
    output: datasetSummarySchema,
  },
  /** What depends on a dataset: runs that have it as source or target, and series with waiting experiments on it. */
  datasetUse: {
    input: z.strictObject({ id: z.string() }),
    output: z.strictObject({
      runs: z.array(z.strictObject({ run, name: z.string() })),
      series: z.array(z.string()),
    }),
  },
  /** Moves an imported dataset into the trash; answers with its name there. */
  trashDataset: { input: z.strictObject({ id: z.string() }), output: z.strictObject({ name: z.string() }) },
  trashedDatasets: { input: none, output: z.array(trashedDatasetSchema) },
  restoreDataset: { input: z.strictObject({ name: z.string() }), output: z.strictObject({ id: z.string() }) },
  /** Ends what reads this file or folder; the call that asked for it is refused with `reading-cancelled`. */
  cancelReading: { input: z.strictObject({ path: z.string() }), output: none },
} as const
