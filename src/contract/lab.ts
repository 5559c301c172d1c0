/**
 * The language between the lab and whoever uses it (window, browser, terminal): one table of commands, each
 * with the schema of what goes in and of what comes out, and one union of events. `Lab` is derived from it;
 * a host (IPC, HTTP) only has to carry `call` and `subscribe`, and checks both ways at its boundary.
 */
import { z } from 'zod'
import { domainSchema, experimentSchema, modelSchema, presetSchema } from './experiment'
import type { MethodDeclaration } from './method'
import { pairings } from './pairing'
import {
  accuraciesSchema,
  checkpointFactsSchema,
  errorMessageSchema,
  labelFreeSchema,
  measuresSchema,
  recordedEventSchema,
  runRecordSchema,
  runStates,
} from './record'
import { sourceJudgeSchema } from './source-judge'
import { maxInSeries, seriesSchema } from './series'

const run = z.string().min(1)
const round = z.int().min(0)
const none = z.strictObject({})
/** Bytes as base64 text: what both JSON and structured clone carry. zod's own check needs `atob`, which Node 12 lacks. */
const bytes = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/)

export const datasetSummarySchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** Where it lies; null for those that come with the lab. */
  path: z.string().nullable(),
  width: z.int(),
  height: z.int(),
  channels: z.int(),
  classNames: z.array(z.string()),
  /** Images by partition and split (`original/train`); a split that does not exist is absent. */
  counts: z.record(z.string(), z.int()),
  /** The same by class: `classCounts['original/train'][label]`. */
  classCounts: z.record(z.string(), z.array(z.int())),
  licence: z.string(),
})
export type DatasetSummary = z.infer<typeof datasetSummarySchema>

/** An imported dataset in the trash, with the name that it has there. */
export const trashedDatasetSchema = z.strictObject({
  name: z.string(),
  dataset: datasetSummarySchema,
  bytes: z.int(),
})
export type TrashedDataset = z.infer<typeof trashedDatasetSchema>

/** Images of one size, row after row, one byte a channel. */
export const imagesSchema = z.strictObject({
  width: z.int(),
  height: z.int(),
  channels: z.int(),
  labels: z.array(z.int()),
  pixels: bytes,
})
export type Images = z.infer<typeof imagesSchema>

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

const intervalSchema = z.strictObject({ low: z.number(), high: z.number() })

export const evaluationSchema = z.strictObject({
  checkpoint: z.string(),
  domain: domainSchema,
  pairing: z.array(z.int()),
  result: accuraciesSchema,
  /** Of the accuracy, at 95 % (Wilson 1927): what so many test images leave open. */
  interval: intervalSchema,
  /** One byte an image, in the domain's order: 1 where it was given the right class, else 0. */
  right: bytes,
  /** Images given the wrong class, at most 200, with what they were given. */
  wrong: imagesSchema.extend({ predictions: z.array(z.int()) }),
  /** At most 1,000 of the images by their features, on the two leading principal components of these. */
  features: z.strictObject({
    /** Float32 pairs, base64. */
    points: bytes,
    labels: z.array(z.int()),
    predictions: z.array(z.int()),
  }),
})
export type Evaluation = z.infer<typeof evaluationSchema>

const evaluationOrderSchema = z.strictObject({
  checkpoint: z.string(),
  /** What differs from the run's own unseen target; nothing given: just that. */
  dataset: z.string().optional(),
  partition: z.enum(['original', 'pooled']).optional(),
  split: z.enum(['train', 'test']).optional(),
  classes: z.array(z.int()).optional(),
  pairing: z.array(z.int()).optional(),
  count: z.union([z.literal('all'), z.int().min(1)]).optional(),
  shifts: domainSchema.shape.shifts.optional(),
  /** `target`: MT where the checkpoint has one, MS else. `source`: MS. */
  encoder: z.enum(['source', 'target']).default('target'),
})

export const contrastSchema = z.strictObject({
  domain: domainSchema,
  /** Under which each was judged: that of its own run, where none was asked for. */
  pairings: z.tuple([z.array(z.int()), z.array(z.int())]),
  count: z.int(),
  /** Of the checkpoint asked for, and of the one that it is set against. */
  accuracies: z.tuple([z.number(), z.number()]),
  /** Accuracy of the second less that of the first, with its 95 % interval by the paired bootstrap. */
  difference: z.number(),
  low: z.number(),
  high: z.number(),
  /** Images that only the one gets right, and only the other. */
  onlyFirst: z.int(),
  onlySecond: z.int(),
  /** McNemar's exact two-sided test. */
  p: z.number(),
})
export type Contrast = z.infer<typeof contrastSchema>

/**
 * A run that is left out because another one is counted for its seed: the same experiment with the same seed gives the
 * same run, so both together would be one sample counted twice.
 */
const repeatSchema = z.strictObject({
  run,
  /** The run that is counted. */
  counted: run,
  /** Followed by those of the domains, where they are not 0. */
  seed: z.string(),
  /**
   * Whether both came to the same accuracies, and if not, why: one of them has not finished, one branched off another
   * run, other machinery computed it, or nothing in the records explains it.
   */
  outcome: z.enum(['same', 'unfinished', 'branch', 'machinery', 'unexplained']),
  /** The parts of the machinery in which the two differ. */
  machinery: z.array(z.string()),
})
export type Repeat = z.infer<typeof repeatSchema>
const repeats = z.array(repeatSchema)

/** More pairs would have too many ways to sign their differences. */
export const maxSeedPairs = 20

const both = z.tuple([z.number(), z.number()])
export const seedContrastSchema = z.strictObject({
  /** The unseen target, of the first pair. */
  domain: domainSchema,
  /** The settings beside seeds in which the two sides differ: what is compared. */
  differences: z.array(z.strictObject({ setting: z.string(), values: z.array(z.unknown()) })),
  /** By seed; accuracies are of the last round, each under the pairing of its own run. */
  pairs: z
    .array(
      z.strictObject({
        seed: z.string(),
        runs: z.tuple([run, run]),
        accuracies: both,
        difference: z.number(),
      }),
    )
    .min(1),
  means: both,
  /** Mean over the pairs of the second side's accuracy less the first's, and its deviation (null for one pair). */
  difference: z.number(),
  deviation: z.number().nullable(),
  /** The exact sign-flip test over the pairs, and the least that p can be with so many. */
  p: z.number(),
  minP: z.number(),
  /** Test images, and the 95 % interval that they leave to the difference, seeds as they are. */
  count: z.int(),
  low: z.number(),
  high: z.number(),
  /** How many runs of each side fell another way than the pairing that was chosen. */
  otherWay: z.tuple([z.int(), z.int()]),
  repeats,
})
export type SeedContrast = z.infer<typeof seedContrastSchema>

/** Mean, deviation of the sample (null for one value) and extremes over the seeds; what the images leave open beside. */
const spreadSchema = z.strictObject({
  mean: z.number(),
  deviation: z.number().nullable(),
  least: z.number(),
  most: z.number(),
  /** What so many images leave open of the mean. */
  interval: intervalSchema,
})
export type Spread = z.infer<typeof spreadSchema>

/** Under the chosen pairing null where the runs fall into two camps, which no mean describes. */
const together = {
  /** How many runs fell the way of the chosen pairing, and how many another. */
  camps: z.strictObject({ chosen: z.int(), other: z.int() }),
  /** How many target images of either kind were measured; null where there are none. */
  images: z.strictObject({ target: z.int().nullable(), unseen: z.int().nullable() }),
  target: spreadSchema.nullable(),
  bestPairing: spreadSchema.nullable(),
  unseen: spreadSchema.nullable(),
  unseenBest: spreadSchema.nullable(),
}

export const cardSchema = z.strictObject({
  /** That of the first run: the others differ in seeds and name. */
  experiment: experimentSchema,
  /** One a seed. */
  runs: z.array(
    z.strictObject({
      run,
      /** Followed by those of the domains, where they are not 0. */
      seed: z.string(),
      before: z.number().nullable(),
      target: z.number().nullable(),
      bestPairing: z.number().nullable(),
      unseen: z.number().nullable(),
      unseenBest: z.number().nullable(),
      /** Whether the pairing that fits best is the chosen one; null before the first measuring. */
      fits: z.boolean().nullable(),
    }),
  ),
  repeats,
  ...together,
  /**
   * A row of a table under a comment that names its columns: method, task, seeds, then target and unseen target, each by
   * chosen and by best pairing, the unseen one with what its images leave open.
   */
  latex: z.string(),
  /** Of everything that the method follows, its own paper first. */
  bibtex: z.string(),
})
export type Card = z.infer<typeof cardSchema>

/** Finished runs by method and pair of domains. */
export const matrixSchema = z.strictObject({
  methods: z.array(z.string()),
  pairs: z.array(z.strictObject({ source: domainSchema, target: domainSchema })),
  cells: z.array(
    z.strictObject({
      method: z.string(),
      /** Index in `pairs`. */
      pair: z.int(),
      /** The newest run, and those that differ from it in nothing but their seeds. */
      runs: z.array(run).min(1),
      repeats,
      /** Finished runs of this method and pair with other settings, which the figures leave out. */
      leftOut: z.int(),
      /** By which pairing its figures say something of the method. */
      pairing: z.enum(pairings),
      ...together,
    }),
  ),
})
export type Matrix = z.infer<typeof matrixSchema>

/** Seconds, from `low` to `high`; `likely` where the two are close to each other. */
const expectedSecondsSchema = z.strictObject({
  low: z.number().min(0),
  likely: z.number().min(0),
  high: z.number().min(0),
})
export type ExpectedSeconds = z.infer<typeof expectedSecondsSchema>

export const validationSchema = z.strictObject({
  repeats,
  checkpoints: z.array(
    z.strictObject({ run, attempt: z.int().min(1), round, accuracy: z.number(), labelFree: labelFreeSchema }),
  ),
  /** Of each score that all of them have. */
  validators: z.array(
    z.strictObject({
      score: labelFreeSchema.keyof(),
      /** What is taken for better: a larger value, or a smaller one. */
      better: z.enum(['larger', 'smaller']),
      /** Spearman's rank correlation with accuracy, turned so that 1 is a perfect order; null where one does not vary. */
      correlation: z.number().nullable(),
      /** Best accuracy of all, less that of the checkpoint that the score would choose; 0 is perfect. */
      regret: z.number(),
      /** Index of that checkpoint; the first of several. */
      chosen: z.int().min(0),
    }),
  ),
})
export type Validation = z.infer<typeof validationSchema>

/** Settings of the program, not of an experiment. `null`: follow the system. */
export const settingsSchema = z.strictObject({
  dataFolder: z.string(),
  threads: z.int().min(1).max(256),
  language: z.enum(['en', 'zh']).nullable(),
  theme: z.enum(['light', 'dark']).nullable(),
})
export type Settings = z.infer<typeof settingsSchema>

export const controlActions = ['pause', 'continue', 'step', 'round', 'stop'] as const

const doctorPartSchema = z.strictObject({
  part: z.string(),
  version: z.string(),
  state: z.enum(['ok', 'missing', 'warning']),
  hint: z.string(),
})

export const commands = {
  presets: { input: none, output: z.array(presetSchema) },
  methods: { input: none, output: z.array(z.custom<MethodDeclaration>()) },
  datasets: { input: none, output: z.array(datasetSummarySchema) },
  /** The first `count` images of a domain as an experiment would see them. */
  gallery: {
    input: z.strictObject({
      domain: domainSchema,
      model: modelSchema.prefault({}),
      count: z.int().min(1).max(400),
    }),
    output: imagesSchema,
  },
  /** The dataset that a path holds, looked at but not kept. */
  previewDataset: {
    input: z.strictObject({ path: z.string(), skipUndecodable: z.boolean() }),
    output: z.strictObject({
      summary: datasetSummarySchema,
      sample: imagesSchema,
      skipped: z.array(z.string()),
    }),
  },
  importDataset: {
    input: z.strictObject({
      path: z.string(),
      /** `dataset-name-invalid` says what a name may be. */
      name: z.string(),
      skipUndecodable: z.boolean(),
    }),
    output: datasetSummarySchema,
  },
  /** What depends on a dataset: runs that have it as source or target, and series with waiting experiments on it. */
  datasetUse: {
    input: z.strictObject({ id: z.string() }),
    output: z.strictObject({
      runs: z.array(z.strictObject({ run, name: z.string() })),
      series: z.array(z.string()),
    }),
  },
  /** Moves an imported dataset into the trash; answers with its name there. */
  trashDataset: { input: z.strictObject({ id: z.string() }), output: z.strictObject({ name: z.string() }) },
  trashedDatasets: { input: none, output: z.array(trashedDatasetSchema) },
  restoreDataset: { input: z.strictObject({ name: z.string() }), output: z.strictObject({ id: z.string() }) },
  /** Ends what reads this file or folder; the call that asked for it is refused with `reading-cancelled`. */
  cancelReading: { input: z.strictObject({ path: z.string() }), output: none },
  /** Full check of an experiment: fills in defaults, refuses with the first thing that is wrong. */
  check: { input: z.strictObject({ experiment: z.unknown() }), output: experimentSchema },
  estimate: {
    input: z.strictObject({ experiment: z.unknown() }),
    output: z.strictObject({
      bytes: z.number(),
      free: z.number(),
      /** Of one attempt; null where nothing is known to expect it from. */
      seconds: expectedSecondsSchema.nullable(),
      /** How many attempts there may be, the first one included. */
      attempts: z.int().min(1),
    }),
  },
  start: {
    input: z.strictObject({ experiment: z.unknown() }),
    output: z.strictObject({ run, folder: z.string() }),
  },
  control: { input: z.strictObject({ run, action: z.enum(controlActions) }), output: none },
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
  /**
   * Goes on with a run. Without `round` and `changes`: the same run from where it stopped. With either: a new
   * run, with this one as its parent. `rounds` is the total to reach.
   */
  resume: {
    input: z.strictObject({
      run,
      round: round.optional(),
      rounds: z.int().min(1).optional(),
      changes: z.record(z.string(), z.unknown()).optional(),
    }),
    output: z.strictObject({ run, folder: z.string() }),
  },
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
  evaluate: { input: evaluationOrderSchema, output: evaluationSchema },
  /** Two checkpoints on the same images: those of `checkpoint`, as `evaluate` takes them. */
  contrast: {
    input: evaluationOrderSchema.extend({ against: z.string() }),
    output: contrastSchema,
  },
  /** Two methods by finished runs, paired by seed, on the same unseen target images. Within a side only seeds differ. */
  contrastSeeds: {
    input: z.strictObject({
      runs: z.array(run).min(1).max(maxSeedPairs),
      against: z.array(run).min(1).max(maxSeedPairs),
    }),
    output: seedContrastSchema,
  },
  compare: {
    input: z.strictObject({ runs: z.array(run).min(2).max(12) }),
    output: z.strictObject({
      runs: z.array(runSummarySchema),
      /** Only the settings that differ: dotted path, one value a run; null where the run has no such setting. */
      differences: z.array(z.strictObject({ setting: z.string(), values: z.array(z.unknown()) })),
      curves: z.array(z.array(z.strictObject({ round, measures: measuresSchema }))),
      /** Runs among these that repeat the seed of another one: they are shown, and are no further sample. */
      repeats,
    }),
  },
  /**
   * How well each score without labels would have chosen among all measured rounds of these runs, those of attempts
   * that were given up included (their last round), by accuracy on the target's training images.
   */
  validators: {
    input: z.strictObject({
      runs: z.array(run).min(1).max(100),
      pairing: z.enum(pairings).default('best'),
    }),
    output: validationSchema,
  },
  /** What to quote of a run, or of several that differ in nothing but their seeds. */
  card: { input: z.strictObject({ runs: z.array(run).min(1).max(1000) }), output: cardSchema },
  matrix: { input: none, output: matrixSchema },
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
  settings: { input: none, output: settingsSchema },
  changeSettings: { input: settingsSchema.partial(), output: settingsSchema },
  doctor: { input: none, output: z.array(doctorPartSchema) },
  /** A zip to attach to a report of a fault, about a run (by default the newest); nothing is written over. */
  report: {
    input: z.strictObject({ run: run.optional(), out: z.string().min(1) }),
    output: z.strictObject({
      file: z.string(),
      contents: z.array(z.strictObject({ name: z.string(), bytes: z.int() })),
    }),
  },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>

export type CommandName = keyof typeof commands
export type CommandInput<K extends CommandName> = z.input<(typeof commands)[K]['input']>
export type CommandOutput<K extends CommandName> = z.output<(typeof commands)[K]['output']>

/** How a run is getting on right now; at most 20 a second, never recorded. */
export const progressSchema = z.strictObject({
  phase: z.enum(['loading', 'source', 'adaptation', 'measuring', 'paused']),
  round,
  rounds: round,
  step: z.int().min(0),
  steps: z.int().min(0),
  losses: z.record(z.string(), z.number()),
  /** Images (source stage) or pairs (adaptation) a second, over the last second or so. */
  perSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** The trainer's process: it is never the program's own. */
  pid: z.int(),
})
export type Progress = z.infer<typeof progressSchema>

export const labEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), run, progress: progressSchema }),
  z.strictObject({ type: z.literal('recorded'), run, event: recordedEventSchema }),
  /** The list of runs, or one of them, is no longer what was last read. */
  z.strictObject({ type: z.literal('runs-changed') }),
  z.strictObject({ type: z.literal('datasets-changed') }),
  z.strictObject({ type: z.literal('queue-changed') }),
  z.strictObject({ type: z.literal('settings-changed'), settings: settingsSchema }),
])
export type LabEvent = z.infer<typeof labEventSchema>

/** The lab, wherever it runs. A refused command rejects with a LabError. */
export interface Lab {
  call<K extends CommandName>(name: K, input: CommandInput<K>): Promise<CommandOutput<K>>
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: LabEvent) => void): () => void
}
