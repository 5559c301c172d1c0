/** What the user decides about the reading of a file or folder, where the files leave it open. */
import { z } from 'zod'
import type { ErrorCode } from './errors'
import type { NoteCode } from './note'

export const choicesSchema = z.strictObject({
  /** Leaves out images that cannot be decoded; otherwise they are an error. */
  skipUndecodable: z.boolean().default(false),
  /** Follows links that lead out of the folder; otherwise they are an error. */
  followLinks: z.boolean().default(false),
  /** The folder from which the paths in an image list start; null: it is found. */
  root: z.string().min(1).nullable().default(null),
  /** The folder or file inside the given one that is read instead of it; null: the given one. */
  within: z.string().min(1).nullable().default(null),
})
export type Choices = z.infer<typeof choicesSchema>

/** How far the reading of a folder of images has come. */
export const readingProgressSchema = z.strictObject({
  done: z.int().min(0),
  total: z.int().min(0),
  /** Images a second; null until it can be told. */
  perSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
})
export type ReadingProgress = z.infer<typeof readingProgressSchema>

export const noChoices: Choices = choicesSchema.parse({})

/** The choice that an error asks for. A choice between values has them in the error's parameter `options`. */
export const questions: Partial<Record<ErrorCode, keyof Choices>> = {
  'image-undecodable': 'skipUndecodable',
  'link-leads-outside': 'followLinks',
  'list-leads-outside': 'followLinks',
  'list-root-unclear': 'root',
  'several-domains': 'within',
  'look-inside': 'within',
}

/** The choice that a note offers: the files are read either way. */
export const offers: Partial<Record<NoteCode, keyof Choices>> = {}
