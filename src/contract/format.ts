/** What a program shows of a format of data; src/data/formats declares the formats. */
import { z } from 'zod'

const wordingSchema = z.strictObject({ en: z.string(), zh: z.string() })

export const formatSummarySchema = z.strictObject({
  id: z.string(),
  title: wordingSchema,
  help: wordingSchema,
  /** Usual endings of its files without the dot; empty for a folder of any files. */
  endings: z.array(z.string()),
})
export type FormatSummary = z.infer<typeof formatSummarySchema>
