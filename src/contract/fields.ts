/** Fields shared by commands of several subjects. */
import { z } from 'zod'

export const run = z.string().min(1)

export const round = z.int().min(0)

/** The parameters of an error or a note. */
export const paramsSchema = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.array(z.string()).readonly()]),
)

export const none = z.strictObject({})

/**
 * Bytes as base64 text, which both JSON and structured clone can carry. zod's own check needs `atob`, which Node 12
 * lacks.
 */
export const bytes = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/)

export const intervalSchema = z.strictObject({ low: z.number(), high: z.number() })
