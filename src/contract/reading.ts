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
  /** Follows links that lead out of the folder; otherwise they are an error. */
  followLinks: z.boolean().default(false),
  /** The folder from which the paths in an image list start; null: it is found. */
  root: z.string().min(1).nullable().default(null),
  /** The folder or file inside the given one that is read instead of it; null: the given one. */
  within: z.string().min(1).nullable().default(null),
  /** The dataset of a folder that holds several; null: there is one. */
  set: z.string().nullable().default(null),
  /** The column of a table that holds the labels; `none` for unlabelled samples; null: found by its name. */
  labelColumn: z.string().nullable().default(null),
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
  'image-kind-unread': 'skipUndecodable',
  'image-too-large': 'skipUndecodable',
  'image-beyond-memory': 'skipUndecodable',
  'link-leads-outside': 'followLinks',
  'list-leads-outside': 'followLinks',
  'list-root-unclear': 'root',
  'several-domains': 'within',
  'look-inside': 'within',
  'arrays-unnamed': 'arrays',
  'layout-unclear': 'layout',
  'sets-several': 'set',
  'set-unknown': 'set',
  'label-column-unclear': 'labelColumn',
  'label-column-unknown': 'labelColumn',
}

/** An array as an option of `arrays-unnamed`: `x: uint8 [400, 28, 28]`. A choice may hold this or the name alone. */
export function arrayOption(name: string, type: string, shape: readonly number[]): string {
  return `${name}: ${type} [${shape.join(', ')}]`
}
