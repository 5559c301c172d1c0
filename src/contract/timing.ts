/** The measured duration of a part of a training, used to predict the duration of later ones. */
import { z } from 'zod'

/**
 * - `launch`: from the start of the process until TensorFlow is loaded
 * - `load`: reading the images
 * - `compile-source`, `compile-adaptation`: preparing the steps of a stage
 * - `source`: the steps of the source stage
 * - `adaptation`: the steps of a round
 * - `first-round`, `round`: measuring and saving the source stage, and a round
 */
export const timedParts = [
  'launch',
  'load',
  'compile-source',
  'source',
  'first-round',
  'compile-adaptation',
  'adaptation',
  'round',
] as const
export type TimedPart = (typeof timedParts)[number]

export const timingSchema = z.strictObject({
  /** When it was measured. */
  time: z.string(),
  /** Processor, cores and threads: costs differ between machines. */
  machine: z.string(),
  part: z.enum(timedParts),
  /** The settings on which the cost depends, the most important first. */
  kind: z.array(z.string()),
  /** Number of images loaded, trained on (pairs, in adaptation) or measured; 0 if the number does not matter. */
  images: z.number().min(0),
  seconds: z.number().min(0),
})
export type Timing = z.infer<typeof timingSchema>
