/** The messages between the lab service and its worker processes, checked on both sides. JSON only. */
import { z } from 'zod'
import { domainSchema, experimentSchema, modelSchema } from './experiment'
import { commands, controlActions, evaluationSchema, imagesSchema, progressSchema } from './lab'
import { machinerySchema, recordedEventSchema } from './record'

export const errorMessageSchema = z.strictObject({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})

/** Service to trainer. One run a process. */
export const trainerRequestSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('train'),
    run: z.string(),
    /** The run's folder, made by the service, with its run.json; the trainer takes its lock. */
    folder: z.string(),
    /** Where the user's own datasets lie. */
    datasets: z.string(),
    experiment: experimentSchema,
    /** `fresh`: from the start; `pause`: from the run's pause/ state; else from a checkpoint file. */
    from: z.union([z.literal('fresh'), z.literal('pause'), z.strictObject({ checkpoint: z.string() })]),
    threads: z.int().min(1),
  }),
  z.strictObject({ type: z.literal('control'), action: z.enum(controlActions) }),
])
export type TrainerRequest = z.infer<typeof trainerRequestSchema>

/** Trainer to service. `done` is the last word; the process may be killed after it. */
export const trainerReplySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), machinery: machinerySchema }),
  z.strictObject({ type: z.literal('progress'), progress: progressSchema }),
  z.strictObject({ type: z.literal('recorded'), event: recordedEventSchema }),
  z.strictObject({ type: z.literal('done'), outcome: z.enum(['finished', 'stopped']) }),
  z.strictObject({ type: z.literal('failed'), error: errorMessageSchema }),
])
export type TrainerReply = z.infer<typeof trainerReplySchema>

/** What the analyst can be asked. It loads TensorFlow only for the tasks that need it. */
export const analystTasks = {
  evaluate: {
    input: z.strictObject({
      checkpoint: z.string(),
      domain: domainSchema,
      pairing: z.array(z.int().min(0)),
      encoder: z.enum(['source', 'target']),
      datasets: z.string(),
      threads: z.int().min(1),
    }),
    output: evaluationSchema,
  },
  gallery: {
    input: z.strictObject({ domain: domainSchema, model: modelSchema, count: z.int(), datasets: z.string() }),
    output: imagesSchema,
  },
  viewImages: {
    input: z.strictObject({ experiment: experimentSchema, datasets: z.string() }),
    output: commands.viewImages.output,
  },
  previewDataset: {
    input: commands.previewDataset.input,
    output: commands.previewDataset.output,
  },
  /** Reads, checks and writes a dataset of the user's into the datasets folder as one .npz. */
  importDataset: {
    input: commands.importDataset.input.extend({ datasets: z.string() }),
    output: commands.importDataset.output,
  },
  exportTfjs: {
    input: z.strictObject({ checkpoint: z.string(), out: z.string() }),
    output: z.strictObject({ files: z.array(z.string()) }),
  },
  machinery: { input: z.strictObject({ threads: z.int().min(1) }), output: machinerySchema },
} as const

export type AnalystTask = keyof typeof analystTasks
export type AnalystInput<K extends AnalystTask> = z.input<(typeof analystTasks)[K]['input']>
/** The same once it is checked, defaults filled in: what the analyst works on. */
export type AnalystOrder<K extends AnalystTask> = z.output<(typeof analystTasks)[K]['input']>
export type AnalystOutput<K extends AnalystTask> = z.output<(typeof analystTasks)[K]['output']>

export const analystRequestSchema = z.strictObject({
  id: z.int(),
  task: z.enum(Object.keys(analystTasks) as [AnalystTask, ...AnalystTask[]]),
  input: z.unknown(),
})
export type AnalystRequest = z.infer<typeof analystRequestSchema>

export const analystReplySchema = z.union([
  z.strictObject({ id: z.int(), output: z.unknown() }),
  z.strictObject({ id: z.int(), error: errorMessageSchema }),
])
export type AnalystReply = z.infer<typeof analystReplySchema>

/** One stage of training, timed in a process of its own. */
export const benchRequestSchema = z.strictObject({
  stage: z.enum(['source', 'adaptation']),
  batch: z.int().min(1).max(10_000),
  /** Steps that are timed, after warming up. */
  steps: z.int().min(10).max(100_000),
  threads: z.int().min(1),
  engine: z.enum(['compiled', 'eager']),
})
export type BenchRequest = z.infer<typeof benchRequestSchema>

export const benchResultSchema = z.strictObject({
  /** Images (source) or pairs (adaptation) a second. */
  perSecond: z.number(),
  /** Why the steps were not compiled although they were to be. */
  obstacle: errorMessageSchema.nullable(),
  machinery: machinerySchema,
})
export type BenchResult = z.infer<typeof benchResultSchema>
