/** Runs and their checkpoints: listed, looked at, annotated, exported, thrown away. */
import { z } from 'zod'
import { imagesSchema } from './dataset'
import { bytes, none, round, run } from './fields'
import {
  checkpointFactsSchema,
  errorMessageSchema,
  measuresSchema,
  recordedEventSchema,
  runRecordSchema,
  runStates,
} from './record'
import { sourceJudgeSchema } from './source-judge'

export const runSummarySchema = z.strictObject({
  id: z.string(),
  folder: z.string(),
  name: z.string(),
  created: z.string(),
  state: z.enum(runStates),
  /** The process outside this lab that trains it; null where none does. */
  heldBy: z.int().nullable(),
  method: z.string(),
  rounds: z.int(),
  epochs: z.int(),
  bytes: z.int(),
  tags: z.array(z.string()),
  note: z.string(),
  /** Of the last round, through the encoder `sourceJudge`, and before adaptation, through MS; null: not measured. */
  sourceAccuracy: z.number().nullable(),
  sourceAccuracyBefore: z.number().nullable(),
  sourceJudge: sourceJudgeSchema.nullable(),
  targetAccuracyBefore: z.number().nullable(),
  targetAccuracy: z.number().nullable(),
  targetAccuracyBestPairing: z.number().nullable(),
  unseenTargetAccuracy: z.number().nullable(),
  /** What is wrong with its folder; empty where nothing is. */
  damage: z.array(errorMessageSchema),
})
export type RunSummary = z.infer<typeof runSummarySchema>

export const checkpointSummarySchema = z.strictObject({
  path: z.string(),
  run: z.string(),
  runName: z.string(),
  round: round.nullable(),
  created: z.string(),
  bytes: z.int(),
  pinned: z.boolean(),
  best: z.boolean(),
  measures: measuresSchema.nullable(),
  damage: errorMessageSchema.nullable(),
})
export type CheckpointSummary = z.infer<typeof checkpointSummarySchema>

/** What the pictures of one round show. All columns are of equal length within a domain. */
export const roundViewSchema = z.strictObject({
  round,
  /** Projection of features on a basis fixed through the run; float32 pairs, base64. */
  sourcePoints: bytes,
  targetPoints: bytes,
  sourceLabels: z.array(z.int()),
  targetLabels: z.array(z.int()),
  sourcePredictions: z.array(z.int()),
  targetPredictions: z.array(z.int()),
  /** D's p(source), float32, base64; null where there is no discriminator. */
  sourceVerdicts: bytes.nullable(),
  targetVerdicts: bytes.nullable(),
  /** The leading principal components, rows of `dimensions` float32, base64: what UMAP works on. */
  features: z.strictObject({ dimensions: z.int().min(2), source: bytes, target: bytes }).optional(),
})
export type RoundView = z.infer<typeof roundViewSchema>

export const runCommands = {
  runs: { input: none, output: z.array(runSummarySchema) },
  run: {
    input: z.strictObject({ run }),
    output: z.strictObject({
      summary: runSummarySchema,
      record: runRecordSchema.nullable(),
      /**
       * Dataset paths that an imported run names: they are opened only when `allowPaths` names them, too, and those on the
       * network or of a device (`elsewhere`) never.
       */
      pathsToAllow: z.array(z.strictObject({ path: z.string(), elsewhere: z.boolean() })),
    }),
  },
  /** Allows paths that an imported run names, so that it can be evaluated and trained on them. */
  allowPaths: { input: z.strictObject({ run, paths: z.array(z.string()).max(2) }), output: none },
  history: { input: z.strictObject({ run }), output: z.array(recordedEventSchema) },
  view: { input: z.strictObject({ run, round }), output: roundViewSchema.nullable() },
  /** The images behind a run's views: source sample, then target sample. */
  viewImages: {
    input: z.strictObject({ run }),
    output: z.strictObject({ source: imagesSchema, target: imagesSchema }),
  },
  checkpoints: { input: z.strictObject({ run: run.optional() }), output: z.array(checkpointSummarySchema) },
  show: {
    input: z.strictObject({ path: z.string() }),
    output: z.strictObject({
      facts: checkpointFactsSchema.nullable(),
      tensors: z.array(z.strictObject({ name: z.string(), shape: z.array(z.int()), dtype: z.string() })),
      bytes: z.int(),
      /** `verified`: the digest fits; `foreign`: a safetensors file of another program, which has none. */
      origin: z.enum(['verified', 'foreign']),
      /** Why nothing can be computed with these values; null where something can. */
      damage: errorMessageSchema.nullable(),
    }),
  },
  annotate: {
    input: z.strictObject({
      run,
      name: z.string().min(1).max(120).nullable().optional(),
      tags: z.array(z.string().max(60)).max(50).optional(),
      note: z.string().max(10_000).optional(),
      pinned: z.array(round).optional(),
    }),
    output: runSummarySchema,
  },
  export: {
    input: z.strictObject({
      checkpoint: z.string(),
      format: z.enum(['safetensors', 'npy', 'tfjs']),
      out: z.string(),
    }),
    output: z.strictObject({ files: z.array(z.string()) }),
  },
  import: {
    input: z.strictObject({ path: z.string() }),
    output: z.strictObject({ run, checkpoint: z.string() }),
  },
  /** A checkpoint file: the run here that holds it already, else a new run made of it. */
  open: {
    input: z.strictObject({ path: z.string() }),
    output: z.strictObject({ run, checkpoint: z.string() }),
  },
  trash: { input: z.strictObject({ run }), output: none },
  trashed: { input: none, output: z.array(runSummarySchema) },
  restore: { input: z.strictObject({ run }), output: none },
  /** Deletes these for good: the list that the person confirmed, not what came into the trash after it. */
  emptyTrash: {
    input: z.strictObject({ runs: z.array(run), datasets: z.array(z.string().min(1)) }),
    output: z.strictObject({ bytes: z.number() }),
  },
  /** What `free` would delete. */
  freeable: {
    input: z.strictObject({ run, keep: z.enum(['best-and-last', 'last']) }),
    output: z.strictObject({ rounds: z.array(round), bytes: z.number() }),
  },
  /** Deletes checkpoints that `keep` would not have kept; never pinned ones, never the last. */
  free: {
    input: z.strictObject({ run, keep: z.enum(['best-and-last', 'last']) }),
    output: z.strictObject({ bytes: z.number() }),
  },
} as const
