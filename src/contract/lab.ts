/**
 * The interface between the lab and its clients (window, browser, terminal): one table of commands, each with the
 * schemas of its input and output, and one union of events. `Lab` is derived from it; a host (IPC, HTTP) only carries
 * `call` and `subscribe`, and checks both directions at its boundary.
 */
import { z } from 'zod'
import { backboneCommands } from './backbone'
import { datasetCommands } from './dataset'
import { run } from './fields'
import { judgingCommands } from './judging'
import { labelCommands } from './label'
import { predictionCommands } from './prediction'
import { programCommands, settingsSchema } from './program'
import { queueCommands } from './queue'
import { readingProgressSchema } from './reading'
import { recordedEventSchema } from './record'
import { runCommands } from './run'
import { progressSchema, trainingCommands } from './training'

export const commands = {
  ...datasetCommands,
  ...runCommands,
  ...judgingCommands,
  ...predictionCommands,
  ...trainingCommands,
  ...labelCommands,
  ...backboneCommands,
  ...queueCommands,
  ...programCommands,
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>

export type CommandName = keyof typeof commands
export type CommandInput<K extends CommandName> = z.input<(typeof commands)[K]['input']>
export type CommandOutput<K extends CommandName> = z.output<(typeof commands)[K]['output']>

export const labEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), run, progress: progressSchema }),
  z.strictObject({ type: z.literal('recorded'), run, event: recordedEventSchema }),
  /** The list of runs, or a run in it, has changed since it was last read. */
  z.strictObject({ type: z.literal('runs-changed') }),
  z.strictObject({ type: z.literal('datasets-changed') }),
  /** The images of the folder at `path` are being read, for a preview or an import; at most ten events a second. */
  z.strictObject({ type: z.literal('reading'), path: z.string(), progress: readingProgressSchema }),
  /** Samples are being predicted by the networks of a checkpoint; at most ten events a second. */
  z.strictObject({ type: z.literal('predicting'), checkpoint: z.string(), progress: readingProgressSchema }),
  z.strictObject({ type: z.literal('queue-changed') }),
  z.strictObject({ type: z.literal('settings-changed'), settings: settingsSchema }),
])
export type LabEvent = z.infer<typeof labEventSchema>

/** The lab, in this process or another. A refused command rejects with a LabError. */
export interface Lab {
  call<K extends CommandName>(name: K, input: CommandInput<K>): Promise<CommandOutput<K>>
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: LabEvent) => void): () => void
}
