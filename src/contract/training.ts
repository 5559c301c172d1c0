/** Training: checking, estimating, starting and continuing experiments. */
import { z } from 'zod'
import { experimentSchema, presetSchema } from './experiment'
import { none, round, run } from './fields'
import type { MethodDeclaration } from './method'

/** Seconds: a range from `low` to `high`, and the `likely` value. */
const expectedSecondsSchema = z.strictObject({
  low: z.number().min(0),
  likely: z.number().min(0),
  high: z.number().min(0),
})
export type ExpectedSeconds = z.infer<typeof expectedSecondsSchema>

export const controlActions = ['pause', 'continue', 'step', 'round', 'stop'] as const

/** The current progress of a run; at most 20 a second, never recorded. */
export const progressSchema = z.strictObject({
  phase: z.enum(['loading', 'features', 'source', 'adaptation', 'measuring', 'paused']),
  round,
  rounds: round,
  step: z.int().min(0),
  steps: z.int().min(0),
  losses: z.record(z.string(), z.number()),
  /** Images (features, source stage) or pairs (adaptation) a second, over the last second. */
  perSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** The process id of the trainer; never that of the program itself. */
  pid: z.int(),
})
export type Progress = z.infer<typeof progressSchema>

export const trainingCommands = {
  presets: { input: none, output: z.array(presetSchema) },
  methods: { input: none, output: z.array(z.custom<MethodDeclaration>()) },
  /** Checks an experiment completely: fills in defaults, and refuses it with the first mistake. */
  check: { input: z.strictObject({ experiment: z.unknown() }), output: experimentSchema },
  estimate: {
    input: z.strictObject({ experiment: z.unknown() }),
    output: z.strictObject({
      bytes: z.number(),
      free: z.number(),
      /** For one attempt; null if no earlier timing allows an estimate. */
      seconds: expectedSecondsSchema.nullable(),
      /** Maximum number of attempts, the first one included. */
      attempts: z.int().min(1),
    }),
  },
  start: {
    input: z.strictObject({ experiment: z.unknown() }),
    output: z.strictObject({ run, folder: z.string() }),
  },
  control: { input: z.strictObject({ run, action: z.enum(controlActions) }), output: none },
  /**
   * Continues a run. Without `round` and `changes`: the same run, from the point where it stopped. With either: a new
   * run, with this one as its parent. `rounds` is the total to reach; if the last round is done and `changes` has
   * `adaptation.labels`, it is by default as many rounds more as the run itself had.
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
} as const
