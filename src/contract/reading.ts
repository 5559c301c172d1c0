/** What the user decides about the reading of a file or folder, where the files leave it open. */
import { z } from 'zod'
import type { ErrorCode } from './errors'

export const choicesSchema = z.strictObject({
  /** Leaves out images that cannot be decoded; otherwise they are an error. */
  skipUndecodable: z.boolean().default(false),
  /** The dataset of a folder that holds several; null: there is one. */
  set: z.string().nullable().default(null),
  /** The column of a table that holds the labels; `none` for unlabelled samples; null: found by its name. */
  labelColumn: z.string().nullable().default(null),
  /** Follows links that lead out of the folder; otherwise they are an error. */
  followLinks: z.boolean().default(false),
})
export type Choices = z.infer<typeof choicesSchema>

export const noChoices: Choices = choicesSchema.parse({})

/** The choice that an error asks for. A choice between values has them in the error's parameter `options`. */
export const questions: Partial<Record<ErrorCode, keyof Choices>> = {
  'image-undecodable': 'skipUndecodable',
  'link-leads-outside': 'followLinks',
  'sets-several': 'set',
  'set-unknown': 'set',
  'label-column-unclear': 'labelColumn',
  'label-column-unknown': 'labelColumn',
}
