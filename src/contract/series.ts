/** Experiments that are trained one after another: what is kept of them on disk, and what a page is told. */
import { z } from 'zod'
import { experimentSchema } from './experiment'
import { errorMessageSchema } from './record'

/** More would be a plan that nobody waits for. */
export const maxInSeries = 100

/**
 * `waiting`: not begun, or stopped in the middle (then it has a run, which goes on). `over`: its run has ended, how, the
 * run itself says. `refused`: it could not begin.
 */
const stateSchema = z.enum(['waiting', 'training', 'over', 'refused'])

const slot = {
  /** From 1; stays when others are cancelled. */
  number: z.int().min(1),
  state: stateSchema,
  run: z.string().nullable(),
  /** Why it could not begin. */
  error: errorMessageSchema.nullable(),
}

/** series.json. */
export const seriesRecordSchema = z.strictObject({
  schema: z.literal(1),
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
  /** Nothing of it begins before a person says so: it was stopped, or left behind by a program that has ended. */
  held: z.boolean(),
  items: z.array(z.strictObject({ ...slot, name: z.string(), seed: z.int() })),
})
export type Series = z.infer<typeof seriesSchema>
