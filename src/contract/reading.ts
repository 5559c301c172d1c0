/** What the user decides about the reading of a file or folder, where the files leave it open. */
import { z } from 'zod'
import type { ErrorCode } from './errors'

/**
 * What the axes of an array of samples mean: n samples, h rows, w columns, c colours. `n-hw` and the like: each row of
 * the array is an image, flattened.
 */
export const layouts = [
  'nhw',
  'nhwc',
  'nchw',
  'hwn',
  'hwcn',
  'chwn',
  'hwc',
  'n-hw',
  'n-hwc',
  'n-chw',
  'vectors',
  'vectors-by-column',
] as const
export type Layout = (typeof layouts)[number]

const arrayName = z.string().nullable().default(null)

export const choicesSchema = z.strictObject({
  /** Leaves out images that cannot be decoded; otherwise they are an error. */
  skipUndecodable: z.boolean().default(false),
  /** The arrays that hold the samples and their labels; null: found by their names. Once one is named, all are. */
  arrays: z
    .strictObject({
      images: arrayName,
      labels: arrayName,
      testImages: arrayName,
      testLabels: arrayName,
    })
    .default({ images: null, labels: null, testImages: null, testLabels: null }),
  /** Null: as the shape says. */
  layout: z.enum(layouts).nullable().default(null),
  /** Scales the range of values that is used to the whole range from black to white. */
  stretch: z.boolean().default(false),
})
export type Choices = z.infer<typeof choicesSchema>

export const noChoices: Choices = choicesSchema.parse({})

/** The errors that ask a question, with the choice that answers it. Their `options` are the answers there are. */
export const questions = {
  'arrays-unnamed': 'arrays',
  'layout-unclear': 'layout',
} as const satisfies Partial<Record<ErrorCode, keyof Choices>>

/** An array as an option of `arrays-unnamed`: `x: uint8 [400, 28, 28]`. A choice may hold this or the name alone. */
export function arrayOption(name: string, type: string, shape: readonly number[]): string {
  return `${name}: ${type} [${shape.join(', ')}]`
}
