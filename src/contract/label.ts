/** Labels that the user gives to samples of a dataset after it was imported. They lie beside the dataset as a CSV. */
import { z } from 'zod'
import { maxClassNameLength, pixelsSchema } from './experiment'

const className = z.string().normalize('NFC').min(1).max(maxClassNameLength)

/** The class, by name, of the sample at an index in the dataset. */
export const givenLabelSchema = z.strictObject({ sample: z.int().min(0), class: className })
export type GivenLabel = z.infer<typeof givenLabelSchema>

/** In the order in which they were given; a corrected one keeps its place. */
const labelsSchema = z.strictObject({
  /** The CSV, with the columns `file` and `label`; null as long as there are no labels. */
  file: z.string().nullable(),
  labels: z.array(givenLabelSchema),
  /** The first column of the CSV for each label: the file of the sample, or its index if the dataset holds arrays. */
  files: z.array(z.string()),
})
export type Labels = z.infer<typeof labelsSchema>

const dataset = z.string()

/** Upper limit on the samples that are proposed at once. */
export const maxProposals = 1000

export const labelCommands = {
  /** With `classes`, a table with other labels is refused. */
  labels: {
    input: z.strictObject({ dataset, classes: z.array(z.string()).optional() }),
    output: labelsSchema,
  },
  /** Gives samples a class, or takes it away (`null`). */
  label: {
    input: z.strictObject({
      dataset,
      labels: z.array(givenLabelSchema.extend({ class: className.nullable() })).min(1),
    }),
    output: labelsSchema,
  },
  /** Adds the labels in a CSV of this form; a label of the file replaces that of the same sample. */
  importLabels: {
    input: z.strictObject({ dataset, path: z.string(), classes: z.array(z.string()) }),
    output: labelsSchema,
  },
  /** The unlabelled samples whose labels would help most, best first: uncertain and unlike each other. */
  proposeLabels: {
    input: z.strictObject({
      checkpoint: z.string(),
      pixels: pixelsSchema.optional(),
      dataset,
      count: z.int().min(1).max(maxProposals),
    }),
    /** With the first column of the CSV for each sample. */
    output: z.strictObject({ samples: z.array(z.int().min(0)), files: z.array(z.string()) }),
  },
} as const
