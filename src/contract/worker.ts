/** The messages between the lab service and its worker processes, checked on both sides. JSON only. */
import { z } from 'zod'
import { domainSchema, experimentSchema, modelSchema, pixelsSchema } from './experiment'
import { datasetSummarySchema, imagesSchema } from './dataset'
import { evaluationSchema } from './judging'
import { commands } from './lab'
import { readingProgressSchema } from './reading'
import { controlActions, progressSchema } from './training'
import { checkpointFactsSchema, errorMessageSchema, machinerySchema, recordedEventSchema } from './record'

/** The environment variable in which workers get the service's process id. */
export const serviceVariable = 'DALAB_SERVICE'

/** Service to trainer. Each process trains one run. */
export const trainerRequestSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('train'),
    run: z.string(),
    /** The run's folder, created by the service, with its run.json; the trainer takes its lock. */
    folder: z.string(),
    /** The folder of the user's own datasets. */
    datasets: z.string(),
    experiment: experimentSchema,
    /** `fresh`: from the start; `pause`: from the state in the run's pause folder; else from a checkpoint file. */
    from: z.union([z.literal('fresh'), z.literal('pause'), z.strictObject({ checkpoint: z.string() })]),
    threads: z.int().min(1),
    /** The process that holds the run's lock until the trainer takes it over; null: the lock is free. */
    lockedBy: z.int().nullable(),
  }),
  z.strictObject({ type: z.literal('control'), action: z.enum(controlActions) }),
])
export type TrainerRequest = z.infer<typeof trainerRequestSchema>

/** Trainer to service. `done` is the final message; the process may be killed after it. */
export const trainerReplySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), machinery: machinerySchema }),
  z.strictObject({ type: z.literal('progress'), progress: progressSchema }),
  z.strictObject({ type: z.literal('recorded'), event: recordedEventSchema }),
  z.strictObject({ type: z.literal('done'), outcome: z.enum(['finished', 'stopped']) }),
  z.strictObject({ type: z.literal('failed'), error: errorMessageSchema }),
])
export type TrainerReply = z.infer<typeof trainerReplySchema>

const path = z.string()
/** The facts in a checkpoint; null in a file of another program. */
const facts = checkpointFactsSchema.nullable()
/** The model options that can be seen in the weights. */
const recognisedModel = modelSchema.partial()

/** The networks that predict, and what the service adds to the question. */
const predictor = {
  checkpoint: z.string(),
  /** How pixels are scaled for the networks of a file of another program; a checkpoint of the lab records it itself. */
  pixels: pixelsSchema,
  encoder: z.enum(['source', 'target']),
  /** Names of the classes, as many as the classifier has. */
  classes: z.array(z.string()).min(1),
  /** The samples that the source stage trained on; null if there are none or their path may not be opened. */
  source: domainSchema.nullable(),
  datasets: z.string(),
  threads: z.int().min(1),
}

/**
 * The tasks of the analyst. It loads TensorFlow only for the tasks that need it. It reads every file whose path comes
 * from the user or from a checkpoint; the service itself parses none of them.
 */
export const analystTasks = {
  /** The summary of the dataset at a path; refuses a folder of images, which has to be imported first. */
  describeDataset: { input: z.strictObject({ path }), output: datasetSummarySchema },
  showCheckpoint: { input: commands.show.input, output: commands.show.output },
  /** A checkpoint's own facts, and what can be seen in its tensors. */
  describeCheckpoint: {
    input: z.strictObject({ path }),
    output: z.strictObject({ facts, classes: z.int().min(0), model: recognisedModel }),
  },
  /** Whether a run of this experiment can continue from a checkpoint. */
  checkFit: {
    input: z.strictObject({ path, experiment: experimentSchema }),
    output: z.strictObject({}),
  },
  /** The checkpoint among `held` that is the file at `path` or has the same content; null: none. */
  findHeld: {
    input: z.strictObject({ path, held: z.array(path) }),
    output: z.strictObject({ held: path.nullable() }),
  },
  /** Describes weights for import. `adapted`: they include a target encoder. */
  describeWeights: {
    input: z.strictObject({ path }),
    output: z.strictObject({
      facts,
      adapted: z.boolean(),
      classes: z.int().min(0),
      model: recognisedModel,
      notes: commands.import.output.shape.notes,
    }),
  },
  /** Writes weights as a checkpoint of the lab. */
  copyWeights: {
    input: z.strictObject({ path, facts: checkpointFactsSchema, out: path }),
    output: z.strictObject({}),
  },
  listBackbones: {
    /** Of the weights that the user brought. */
    input: z.strictObject({ folder: path }),
    output: commands.backbones.output,
  },
  importBackbone: {
    input: commands.importBackbone.input.extend({ folder: path }),
    output: commands.importBackbone.output,
  },
  /** The round at which a run is paused; null if it has no pause. */
  describePause: {
    input: z.strictObject({ folder: path }),
    output: z.strictObject({ round: z.int().min(0) }).nullable(),
  },
  evaluate: {
    input: z.strictObject({
      checkpoint: z.string(),
      /** How pixels are scaled for the networks of a file of another program; a checkpoint of the lab records it itself. */
      pixels: pixelsSchema,
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
  /** Number of images of each class that a domain draws. */
  drawnOfEach: {
    input: z.strictObject({ domain: domainSchema, datasets: z.string() }),
    output: z.array(z.int().min(0)),
  },
  /** The samples of this list that a domain does not draw. */
  samplesOutside: {
    input: z.strictObject({ domain: domainSchema, samples: z.array(z.int().min(0)), datasets: z.string() }),
    output: z.array(z.int().min(0)),
  },
  viewImages: {
    input: z.strictObject({ experiment: experimentSchema, datasets: z.string() }),
    output: commands.viewImages.output,
  },
  previewDataset: {
    input: commands.previewDataset.input,
    output: commands.previewDataset.output,
  },
  /** Reads and checks a dataset of the user and writes it into the datasets folder as one .npz. */
  importDataset: {
    input: commands.importDataset.input.extend({ datasets: z.string() }),
    output: commands.importDataset.output,
  },
  compareDataset: {
    input: commands.compareDataset.input.extend({ datasets: z.string() }),
    output: commands.compareDataset.output,
  },
  readLabels: {
    input: commands.labels.input.extend({ datasets: z.string() }),
    output: commands.labels.output,
  },
  giveLabels: {
    input: commands.label.input.extend({ datasets: z.string() }),
    output: commands.label.output,
  },
  importLabels: {
    input: commands.importLabels.input.extend({ datasets: z.string() }),
    output: commands.importLabels.output,
  },
  proposeLabels: {
    input: commands.proposeLabels.input.extend({
      /** How pixels are scaled for the networks of a file of another program; a checkpoint of the lab records it itself. */
      pixels: pixelsSchema,
      datasets: z.string(),
      threads: z.int().min(1),
    }),
    output: commands.proposeLabels.output,
  },
  predict: {
    input: z.strictObject({ ...predictor, dataset: z.string() }),
    output: commands.predict.output,
  },
  writePredictions: {
    input: commands.writePredictions.input.extend(predictor),
    output: commands.writePredictions.output,
  },
  inspect: {
    input: z.strictObject({
      ...predictor,
      dataset: z.string(),
      sample: z.int().min(0),
      /** The checkpoints of the run that are kept, by round. */
      rounds: z.array(z.strictObject({ round: z.int().min(0), path })),
    }),
    output: commands.inspect.output,
  },
  thumbnails: {
    input: commands.thumbnails.input.extend({ datasets: z.string() }),
    output: commands.thumbnails.output,
  },
  exportCheckpoint: {
    input: commands.export.input.extend({
      /** Null: not known. */
      pixels: pixelsSchema.nullable(),
      /** The source calibrates probabilities, the target normalises vectors; null: it must not be opened. */
      source: domainSchema.nullable(),
      target: domainSchema.nullable(),
      datasets: path,
      threads: z.int().min(1),
    }),
    output: commands.export.output,
  },
  machinery: { input: z.strictObject({ threads: z.int().min(1) }), output: machinerySchema },
} as const

export type AnalystTask = keyof typeof analystTasks
export type AnalystInput<K extends AnalystTask> = z.input<(typeof analystTasks)[K]['input']>
/** The checked input, with defaults filled in: what the analyst works on. */
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
  /** The file that is about to be read, reported in case the analyst crashes or takes too long; null: it was read. */
  z.strictObject({ id: z.int(), reading: z.string().nullable() }),
  z.strictObject({ id: z.int(), progress: readingProgressSchema }),
])
export type AnalystReply = z.infer<typeof analystReplySchema>

const channels = z.union([z.literal(1), z.literal(3)])

/** What the listing of a folder found in the header of a file; the size is that of the picture as shown. */
export const statedImageSchema = z.strictObject({
  file: z.string(),
  size: z.strictObject({ width: z.int(), height: z.int() }),
  channels,
})

/** What was done to an image before it is stored. */
export const photoFactsSchema = z.strictObject({
  width: z.int(),
  height: z.int(),
  isReduced: z.boolean(),
  isTurned: z.boolean(),
  /** It had more than 8 bits a channel. */
  isDeep: z.boolean(),
  /** It had transparent parts. */
  isOnWhite: z.boolean(),
  /** The digest by which a changed file is recognised. */
  digest: z.string(),
})

/** Analyst to one of its decoders: an image of a folder, in as many channels as the folder has. */
export const decoderRequestSchema = z.strictObject({ id: z.int(), stated: statedImageSchema, channels })
export type DecoderRequest = z.infer<typeof decoderRequestSchema>

/** The argument of a decoder that replies with bytes. */
export const bytesArgument = '--bytes'

const pixelBytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)

/** Decoder to analyst. The pixels are bytes, or base64 where processes cannot pass bytes. */
export const decoderReplySchema = z.union([
  z.strictObject({
    id: z.int(),
    facts: photoFactsSchema,
    pixels: z.union([pixelBytes, z.string()]),
  }),
  z.strictObject({ id: z.int(), error: errorMessageSchema }),
])
export type DecoderReply = z.infer<typeof decoderReplySchema>

const benchCount = z.int().min(1).max(100_000)
const benchThreads = z.int().min(1)

/** One measurement, made in a process of its own. */
export const benchRequestSchema = z.discriminatedUnion('task', [
  /** Training steps of the source stage or of a method. */
  z.strictObject({
    task: z.literal('steps'),
    stage: z.union([z.literal('source'), z.strictObject({ method: z.string() })]),
    batch: benchCount,
    /** Number of timed steps, after warm-up. */
    steps: z.int().min(10).max(100_000),
    threads: benchThreads,
    engine: z.enum(['compiled', 'eager']),
  }),
  /** C(MT(x)) and the accuracies of `count` images. */
  z.strictObject({ task: z.literal('evaluation'), count: benchCount, threads: benchThreads }),
  /** From the start of a process until TensorFlow can compute. */
  z.strictObject({ task: z.literal('start'), threads: benchThreads }),
  /** From files to the first batch. */
  z.strictObject({ task: z.literal('data'), threads: benchThreads }),
  z.strictObject({ task: z.literal('checkpoint'), threads: benchThreads }),
  /** The limit of the processor: a product of large matrices. */
  z.strictObject({ task: z.literal('limit'), threads: benchThreads }),
  /** The published experiment as the trainer runs it, including files. */
  z.strictObject({ task: z.literal('run'), rounds: benchCount, threads: benchThreads }),
])
export type BenchRequest = z.infer<typeof benchRequestSchema>

export const benchResultSchema = z.strictObject({
  /**
   * By name: `perSecond` (images, pairs), `milliseconds`, `save`, `load` (milliseconds), `prepare` (seconds),
   * `gigaflops`; for a run, whose `perSecond` counts rounds: `peak` (MB), `measuring` (share of the rounds' time spent
   * on measuring and files), `every` (rounds between complete measurements).
   */
  figures: z.record(z.string(), z.number()),
  /** Repeated measurements, such as the seconds of each round. */
  series: z.record(z.string(), z.array(z.number())).default({}),
  /** Why the steps were not compiled although this was requested. */
  obstacle: errorMessageSchema.nullable().default(null),
  machinery: machinerySchema,
  /** Processor seconds used by the process, summed over all threads. */
  processor: z.number(),
})
export type BenchResult = z.infer<typeof benchResultSchema>
