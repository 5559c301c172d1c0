/** How long a part of a training took on some machine: what the time of the next one is expected from. */
import { z } from 'zod'

/**
 * `launch`: from starting the process until TensorFlow is loaded. `load`: reading the images. `compile-source`,
 * `compile-adaptation`: preparing the steps of a stage. `source`: the steps of the source stage. `adaptation`: the steps
 * of a round. `first-round`, `round`: measuring and saving the source stage, and a round.
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
  /** Processor, cores and threads: another machine has other costs. */
  machine: z.string(),
  part: z.enum(timedParts),
  /** What the cost depends on, from what matters most to details. */
  kind: z.array(z.string()),
  /** How many images were loaded, trained on (pairs, in adaptation) or measured; 0 where that does not count. */
  images: z.number().min(0),
  seconds: z.number().min(0),
})
export type Timing = z.infer<typeof timingSchema>
