/** The records of a run: run.json, the lines of metrics.jsonl, and the facts in a checkpoint. */
import { z } from 'zod'
import type { ErrorCode } from './errors'
import { recordSchema } from './earlier'
import { estimateSchema } from './estimate'
import { paramsSchema } from './fields'
import { experimentSchema } from './experiment'
import { sourceJudgeSchema } from './source-judge'

const accuracy = z.number().min(0).max(1)
const share = z.number().min(0).max(1)

/** An error as it is sent between processes or stored. */
export const errorMessageSchema = z.strictObject({
  code: z.custom<ErrorCode>((code) => typeof code === 'string'),
  params: paramsSchema,
})

/** Number of times that each true class (row, in the domain's order) was assigned each source class (column). */
export const confusionSchema = z.array(z.array(z.int().min(0)))

/** Accuracy under the experiment's pairing and under the best one (which uses the labels). */
export const accuraciesSchema = z.strictObject({
  accuracy,
  accuracyBestPairing: accuracy,
  bestPairing: z.array(z.int().min(0)),
  perClass: z.array(accuracy),
  confusion: confusionSchema,
  count: z.int().min(0),
})
export type Accuracies = z.infer<typeof accuraciesSchema>

/** Two histograms over p(source) in [0, 1], bins of equal width. */
export const histogramSchema = z.strictObject({
  source: z.array(z.int().min(0)),
  target: z.array(z.int().min(0)),
})

/**
 * Scores of a round that use no target labels; src/training/label-free.ts describes how each is computed. Entropies
 * are in nats; K is the number of classes.
 */
export const labelFreeSchema = z.strictObject({
  /** Mean entropy of the predictions; 0 to ln K. */
  entropy: z.number(),
  /** Entropy of the mean prediction; 0 to ln K. */
  diversity: z.number(),
  /** Diversity minus entropy; 0 to ln K. */
  mutualInformation: z.number(),
  /** Share of a fixed sample that is assigned the same class under a random view; null if samples have no views. */
  agreement: share.nullable(),
  /** Mean entropy of D, both domains weighted equally; 0 to ln 2. */
  discriminatorConfusion: z.number().nullable(),
  /** Accuracy of C(MT(x)) on a fixed sample of the source. */
  sourceKept: accuracy,
  /** Soft neighbourhood density (Saito et al. 2021) of the fixed sample of n; 0 to ln(n - 1). */
  density: z.number(),
})
export type LabelFree = z.infer<typeof labelFreeSchema>
/** In display order. */
export const labelFreeScores = Object.keys(labelFreeSchema.shape) as (keyof LabelFree)[]

/** All measures of a round. `null`: the method has no such quantity. */
export const measuresSchema = z.strictObject({
  /** Training images of the source, classified by the networks that the method applies to the source. */
  source: accuraciesSchema,
  /** The encoder among these networks. Absent from records of earlier versions; read it with `sourceJudgeOf`. */
  sourceJudge: sourceJudgeSchema.optional(),
  /**
   * The target images that adaptation sees without labels, or a sample of them; null if the class of none of them is
   * known.
   */
  target: accuraciesSchema.nullable(),
  /** Target images held out from training; null if the dataset has none, or if only a sample is measured. */
  unseenTarget: accuraciesSchema.nullable(),
  discriminatorAccuracy: accuracy.nullable(),
  sourceCalledSource: share.nullable(),
  targetCalledSource: share.nullable(),
  /** D's p(source) over a fixed sample of both domains. */
  histogram: histogramSchema.nullable(),
  /** 2(1 - 2 err) of a newly trained linear classifier on frozen features (Ben-David 2007); in [-2, 2]. */
  proxyADistance: z.number(),
  /** Maximum mean discrepancy of features, Gaussian kernel of fixed bandwidth, fixed sample. */
  mmd: z.number(),
  /** Absent if only a sample is measured, and from records of earlier versions. */
  labelFree: labelFreeSchema.optional(),
  /** Present with `labelFree`, except in records of earlier versions. */
  estimate: estimateSchema.optional(),
})
export type Measures = z.infer<typeof measuresSchema>

/** One attempt of a run, judged without labels after its last round. */
export const attemptSchema = z.strictObject({
  /** From 1. */
  attempt: z.int().min(1),
  /** The experiment's seed for the first attempt, derived from it for later ones. */
  seed: z.int().min(0),
  mutualInformation: z.number(),
  /** Null if samples have no views. */
  agreement: share.nullable(),
  /** `restarted`: not accepted, another attempt follows; `kept`: not accepted, but the last attempt allowed. */
  verdict: z.enum(['accepted', 'restarted', 'kept']),
})
export type Attempt = z.infer<typeof attemptSchema>

const time = z.string()
const losses = z.record(z.string(), z.number())
const round = z.int().min(0)

/** One line of metrics.jsonl. Round 0 is before adaptation: the source model applied to the target. */
export const recordedEventSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('started'),
    time,
    resumedFrom: z.strictObject({ round, step: z.int() }).nullable(),
  }),
  /** The steps of this phase are one TensorFlow graph each; recording and loading them took this many seconds. */
  z.strictObject({
    type: z.literal('compiled'),
    time,
    phase: z.enum(['source', 'adaptation']),
    seconds: z.number().min(0),
  }),
  /** A backbone's features of one domain's images; `computed` of them were not in the data folder yet. */
  z.strictObject({
    type: z.literal('features'),
    time,
    network: z.string(),
    computed: z.int().min(0),
    cached: z.int().min(0),
    /** Damaged files of earlier features, which were deleted. */
    deleted: z.int().min(0),
    seconds: z.number().min(0),
  }),
  /** The steps of this phase run eagerly although they were to be compiled, and why. */
  z.strictObject({
    type: z.literal('eager'),
    time,
    phase: z.enum(['source', 'adaptation']),
    code: z.string(),
    params: paramsSchema,
  }),
  z.strictObject({
    type: z.literal('source-loss'),
    time,
    epoch: z.int(),
    step: z.int(),
    steps: z.int(),
    loss: z.number(),
  }),
  z.strictObject({ type: z.literal('source-done'), time, seconds: z.number(), imagesPerSecond: z.number() }),
  z.strictObject({ type: z.literal('loss'), time, round, step: z.int(), steps: z.int(), losses }),
  z.strictObject({
    type: z.literal('round'),
    time,
    round,
    /** Mean of each term over the round's steps; empty in round 0. */
    losses,
    measures: measuresSchema,
    /** D's verdicts on the round's first batch before its update: 0 source, 1 target; source inputs first. */
    verdicts: z.array(z.union([z.literal(0), z.literal(1)])).nullable(),
    /** How many of the verdicts were on source inputs. */
    verdictsOnSource: z.int().nullable(),
    seconds: z.number(),
    pairsPerSecond: z.number().nullable(),
  }),
  /** An attempt is over. After `restarted`, the earlier rounds belong to that attempt, and rounds are counted anew. */
  attemptSchema.extend({
    type: z.literal('attempt'),
    time,
    /** Measures of its last round. */
    measures: measuresSchema,
  }),
  z.strictObject({ type: z.literal('stopped'), time, round, step: z.int() }),
  z.strictObject({ type: z.literal('finished'), time, seconds: z.number() }),
  z.strictObject({
    type: z.literal('failed'),
    time,
    code: z.string(),
    params: paramsSchema,
  }),
])
export type RecordedEvent = z.infer<typeof recordedEventSchema>
export type RoundEvent = Extract<RecordedEvent, { type: 'round' }>
export type AttemptEvent = Extract<RecordedEvent, { type: 'attempt' }>
export type Ending = Extract<RecordedEvent, { type: 'stopped' | 'finished' | 'failed' }>

export function isEnding(event: RecordedEvent): event is Ending {
  return event.type === 'stopped' || event.type === 'finished' || event.type === 'failed'
}

/** The machinery that computed a run, which is needed to reproduce its figures. */
export const machinerySchema = z.strictObject({
  lab: z.string(),
  backend: z.string(),
  tensorflow: z.string(),
  tfjsNode: z.string(),
  oneDnn: z.boolean(),
  threads: z.int(),
  node: z.string(),
  platform: z.string(),
})
export type Machinery = z.infer<typeof machinerySchema>

/** `interrupted` is never written: a reader assigns it to a run recorded as `running` that has no live writer. */
export const runStates = ['running', 'stopped', 'finished', 'failed', 'interrupted', 'damaged'] as const
export type RunState = (typeof runStates)[number]

export const runRecordSchema = z.strictObject({
  schema: z.literal(recordSchema),
  id: z.string(),
  created: time,
  experiment: experimentSchema,
  machinery: machinerySchema.nullable(),
  /** The run and round from which this run continues; nothing is overwritten. */
  parent: z.strictObject({ run: z.string(), round }).nullable(),
  state: z.enum(['running', 'stopped', 'finished', 'failed']),
  /** Number of completed rounds in the current attempt. */
  rounds: z.int().min(0),
  /** The attempts that are over; absent if the experiment has no restarts. */
  attempts: z.array(attemptSchema).optional(),
  /**
   * The labelled target images: the class of the target, or the source's class that the user gave, and the image's index
   * in its dataset.
   */
  labelledTarget: z.array(z.strictObject({ class: z.string(), image: z.int().min(0) })).default([]),
  /**
   * Near-duplicates of images that the user labelled, in the target and among its held-out images: like the labelled
   * images, they are left out where accuracy is measured. Absent if the user labelled none.
   */
  nearDuplicates: z.strictObject({ target: z.int().min(0), unseenTarget: z.int().min(0) }).optional(),
  /** Why the run failed, if it did. */
  failure: errorMessageSchema.nullable(),
  /**
   * Set if the run was made from an imported file; absent if it was started here. `allowed`: the dataset paths of its
   * experiment that the user has allowed to be opened.
   */
  imported: z.strictObject({ allowed: z.array(z.string()) }).optional(),
})
export type RunRecord = z.infer<typeof runRecordSchema>

/** annotations.json: the user's notes on a run. A separate file, so that only the trainer writes run.json. */
export const annotationsSchema = z.strictObject({
  /** Replaces the experiment's name; null keeps it. */
  name: z.string().normalize('NFC').min(1).max(120).nullable().default(null),
  tags: z.array(z.string().normalize('NFC').max(60)).max(50).default([]),
  note: z.string().max(10_000).default(''),
  pinned: z.array(round).default([]),
})
export type Annotations = z.infer<typeof annotationsSchema>

/** The facts stored in a checkpoint along with its tensors. `round: null` is the source stage's checkpoint. */
export const checkpointFactsSchema = z.strictObject({
  schema: z.literal(recordSchema),
  run: z.string(),
  round: round.nullable(),
  experiment: experimentSchema,
  machinery: machinerySchema.nullable(),
  measures: measuresSchema.nullable(),
  created: time,
})
export type CheckpointFacts = z.infer<typeof checkpointFactsSchema>
