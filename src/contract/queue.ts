/** Experiments that wait for their turn. */
import { z } from 'zod'
import { none } from './fields'
import { maxInSeries, seriesSchema } from './series'

export const queueCommands = {
  /** Experiments that wait for their turn, or have had it, in series. */
  queue: { input: none, output: z.array(seriesSchema) },
  /** All are checked first. The first begins as soon as nothing trains, the next when it has ended. */
  enqueue: {
    input: z.strictObject({
      name: z.string().normalize('NFC').min(1).max(120),
      experiments: z.array(z.unknown()).min(1).max(maxInSeries),
    }),
    output: z.strictObject({ series: z.string() }),
  },
  /** Takes what waits out of a series; what has begun stays. */
  cancelQueued: {
    input: z.strictObject({ series: z.string(), numbers: z.array(z.int()).max(maxInSeries) }),
    output: none,
  },
  /** Puts back what `cancelQueued` or `dismiss` of this program took away. */
  requeue: {
    input: z.strictObject({ series: z.string(), numbers: z.array(z.int()).max(maxInSeries) }),
    output: none,
  },
  /** Goes on with a series that is held. */
  proceed: { input: z.strictObject({ series: z.string() }), output: none },
  /** Takes a series off the list; its runs stay. */
  dismiss: { input: z.strictObject({ series: z.string() }), output: none },
} as const
