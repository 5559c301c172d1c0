/** What the user decides about the reading of a file or folder, where the files leave it open. */
import { z } from 'zod'

export const choicesSchema = z.strictObject({
  /** Leaves out images that cannot be decoded; otherwise they are an error. */
  skipUndecodable: z.boolean().default(false),
})
export type Choices = z.infer<typeof choicesSchema>

export const noChoices: Choices = choicesSchema.parse({})
