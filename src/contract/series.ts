/** Series of experiments, trained one at a time: the record on disk, and the data for the page. */
import { z } from 'zod'
import { recordSchema } from './earlier'
import { experimentSchema } from './experiment'
import { errorMessageSchema } from './record'

/** Upper limit on experiments in a series. */
export const maxInSeries = 100

/**
 * `waiting`: not started, or stopped before its end (then its run will be resumed). `over`: its run has ended, and the
 * run's record says how. `refused`: it could not be started.
 */
const stateSchema = z.enum(['waiting', 'training', 'over', 'refused'])

const slot = {
  /** From 1; unchanged when others are cancelled. */
  number: z.int().min(1),
  state: stateSchema,
  run: z.string().nullable(),
  /** Why it could not be started. */
  error: errorMessageSchema.nullable(),
}

/** series.json. */
export const seriesRecordSchema = z.strictObject({
  schema: z.literal(recordSchema),
  id: z.string(),
  name: z.string(),
  created: z.string(),
  items: z.array(z.strictObject({ ...slot, experiment: experimentSchema })).max(maxInSeries),
})
export type SeriesRecord = z.infer<typeof seriesRecordSchema>
export type SeriesItem = SeriesRecord['items'][number]

export const seriesSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  created: z.string(),
  /** Starts nothing until the user continues it: it was stopped, or left by a program that has ended. */
  held: z.boolean(),
  items: z.array(z.strictObject({ ...slot, name: z.string(), seed: z.int() })),
})
export type Series = z.infer<typeof seriesSchema>
