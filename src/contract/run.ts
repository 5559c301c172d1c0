/** Runs and their checkpoints: listing, display, annotation, export and deletion. */
import { z } from 'zod'
import { imagesSchema } from './dataset'
import { pixelsSchema } from './experiment'
import { bytes, none, round, run } from './fields'
import { noteSchema } from './note'
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
  /** The process outside this lab that trains the run; null if there is none. */
  heldBy: z.int().nullable(),
  method: z.string(),
  rounds: z.int(),
  epochs: z.int(),
  bytes: z.int(),
  tags: z.array(z.string()),
  note: z.string(),
  /** Accuracy of the last round, with the encoder `sourceJudge`, and before adaptation, with MS; null: not measured. */
  sourceAccuracy: z.number().nullable(),
  sourceAccuracyBefore: z.number().nullable(),
  sourceJudge: sourceJudgeSchema.nullable(),
  targetAccuracyBefore: z.number().nullable(),
  targetAccuracy: z.number().nullable(),
  targetAccuracyBestPairing: z.number().nullable(),
  unseenTargetAccuracy: z.number().nullable(),
  /** Estimated without target labels (src/contract/estimate.ts), of the last round and before adaptation. */
  estimatedAccuracy: z.number().nullable(),
  estimatedAccuracyBefore: z.number().nullable(),
  /** Problems with the run's folder; empty if there are none. */
  damage: z.array(errorMessageSchema),
})
export type RunSummary = z.infer<typeof runSummarySchema>

/** A setting that a file of another program does not give, with the value taken for it. */
const assumptionSchema = z.strictObject({
  /** Dotted name, as in `--set`; `round`: the round that the networks are of. */
  setting: z.string(),
  value: z.unknown(),
  /** The other values that the tensors fit as well; empty if any value of the setting does. */
  others: z.array(z.unknown()),
})
export type Assumption = z.infer<typeof assumptionSchema>

/** The run made from a file; the rest is empty for a checkpoint of the lab. */
const importedSchema = z.strictObject({
  run,
  checkpoint: z.string(),
  /** What was left out and renamed. */
  notes: z.array(noteSchema),
  /** Of settings that measures depend on; all others are those of the preset "published". */
  assumed: z.array(assumptionSchema),
})
export type Imported = z.infer<typeof importedSchema>

/** `pixels` is required for networks of images in a file of another program, which does not say it. */
const importOrderSchema = z.strictObject({ path: z.string(), pixels: pixelsSchema.optional() })

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

/** The data for the plots of one round. All columns are of equal length within a domain. */
export const roundViewSchema = z.strictObject({
  round,
  /** Features projected on a basis that is fixed for the run; float32 pairs, base64. */
  sourcePoints: bytes,
  targetPoints: bytes,
  sourceLabels: z.array(z.int()),
  targetLabels: z.array(z.int()),
  sourcePredictions: z.array(z.int()),
  targetPredictions: z.array(z.int()),
  /** D's p(source), float32, base64; null if there is no discriminator. */
  sourceVerdicts: bytes.nullable(),
  targetVerdicts: bytes.nullable(),
  /** The leading principal components, rows of `dimensions` float32, base64: the input of UMAP. */
  features: z.strictObject({ dimensions: z.int().min(2), source: bytes, target: bytes }).optional(),
})
export type RoundView = z.infer<typeof roundViewSchema>

/** `tfjs`: a layers model; `pytorch`: weights and a script. Both are folders, and so is `npy`. */
export const exportFormats = ['safetensors', 'npy', 'tfjs', 'pytorch'] as const
export type ExportFormat = (typeof exportFormats)[number]

export const runCommands = {
  runs: { input: none, output: z.array(runSummarySchema) },
  run: {
    input: z.strictObject({ run }),
    output: z.strictObject({
      summary: runSummarySchema,
      record: runRecordSchema.nullable(),
      /**
       * Dataset paths in an imported run. They are opened only once `allowPaths` has named them; those on the network
       * or on a device (`elsewhere`) are never opened.
       */
      pathsToAllow: z.array(z.strictObject({ path: z.string(), elsewhere: z.boolean() })),
    }),
  },
  /** Allows paths of an imported run, so that it can be evaluated and trained on them. */
  allowPaths: { input: z.strictObject({ run, paths: z.array(z.string()).max(2) }), output: none },
  history: { input: z.strictObject({ run }), output: z.array(recordedEventSchema) },
  view: { input: z.strictObject({ run, round }), output: roundViewSchema.nullable() },
  /** The images of the points in a run's views: source sample, then target sample. */
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
      /** `verified`: the digest matches; `foreign`: a safetensors file of another program, without a digest. */
      origin: z.enum(['verified', 'foreign']),
      /** Why nothing can be computed with these values; null if they are usable. */
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
      format: z.enum(exportFormats),
      out: z.string(),
      /** How pixels were scaled, for PyTorch, if the file does not say it. */
      pixels: pixelsSchema.optional(),
    }),
    output: z.strictObject({
      files: z.array(z.string()),
      /** What the file does not say and was assumed, and what was left out. */
      notes: z.array(noteSchema),
    }),
  },
  import: { input: importOrderSchema, output: importedSchema },
  /** Opens a checkpoint file: returns the run that already contains it, else a new run made from it. */
  open: { input: importOrderSchema, output: importedSchema },
  trash: { input: z.strictObject({ run }), output: none },
  trashed: { input: none, output: z.array(runSummarySchema) },
  restore: { input: z.strictObject({ run }), output: none },
  /** Deletes these permanently. The list is the one that the user confirmed; items added to the trash later stay. */
  emptyTrash: {
    input: z.strictObject({ runs: z.array(run), datasets: z.array(z.string().min(1)) }),
    output: z.strictObject({ bytes: z.number() }),
  },
  /** The checkpoints that `free` would delete. */
  freeable: {
    input: z.strictObject({ run, keep: z.enum(['best-and-last', 'last']) }),
    output: z.strictObject({ rounds: z.array(round), bytes: z.number() }),
  },
  /** Deletes those of the given checkpoints that `keep` excludes; never pinned ones, never the last. */
  free: {
    input: z.strictObject({ run, keep: z.enum(['best-and-last', 'last']), rounds: z.array(round) }),
    output: z.strictObject({ bytes: z.number() }),
  },
} as const
