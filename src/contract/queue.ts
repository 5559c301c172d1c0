/** Commands for experiments that wait to be trained. */
import { z } from 'zod'
import { none } from './fields'
import { maxInSeries, seriesSchema } from './series'

export const queueCommands = {
  /** All series, with waiting and finished experiments. */
  queue: { input: none, output: z.array(seriesSchema) },
  /** All experiments are checked first. The first starts as soon as nothing is training, the next when it has ended. */
  enqueue: {
    input: z.strictObject({
      name: z.string().normalize('NFC').min(1).max(120),
      experiments: z.array(z.unknown()).min(1).max(maxInSeries),
    }),
    output: z.strictObject({ series: z.string() }),
  },
  /** Removes waiting experiments from a series; those that have started stay. */
  cancelQueued: {
    input: z.strictObject({ series: z.string(), numbers: z.array(z.int()).max(maxInSeries) }),
    output: none,
  },
  /** Restores what `cancelQueued` or `dismiss` of this program has removed. */
  requeue: {
    input: z.strictObject({ series: z.string(), numbers: z.array(z.int()).max(maxInSeries) }),
    output: none,
  },
  /** Continues a series that is held. */
  proceed: { input: z.strictObject({ series: z.string() }), output: none },
  /** Removes a series from the list; its runs stay. */
  dismiss: { input: z.strictObject({ series: z.string() }), output: none },
} as const
