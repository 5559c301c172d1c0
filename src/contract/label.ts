/** Labels that the user gives to samples of a dataset after it was imported. They lie beside the dataset as a CSV. */
import { z } from 'zod'
import { pixelsSchema } from './experiment'

/** The class, by name, of the sample at an index in the dataset. */
export const givenLabelSchema = z.strictObject({ sample: z.int().min(0), class: z.string().min(1) })
export type GivenLabel = z.infer<typeof givenLabelSchema>

/** In the order in which they were given. */
const labelsSchema = z.strictObject({
  /** The CSV, with the columns `file` and `label`; null as long as there are no labels. */
  file: z.string().nullable(),
  labels: z.array(givenLabelSchema),
})
export type Labels = z.infer<typeof labelsSchema>

const dataset = z.string()

export const labelCommands = {
  labels: { input: z.strictObject({ dataset }), output: labelsSchema },
  /** Gives samples a class, or takes it away (`null`). */
  label: {
    input: z.strictObject({
      dataset,
      labels: z.array(givenLabelSchema.extend({ class: z.string().min(1).nullable() })).min(1),
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
      count: z.int().min(1).max(1000),
    }),
    output: z.strictObject({ samples: z.array(z.int().min(0)) }),
  },
} as const
