/** Results computed from finished training: evaluations, comparisons, cards, and the scores without labels. */
import { z } from 'zod'
import { imagesSchema } from './dataset'
import { domainSchema, experimentSchema, pixelsSchema } from './experiment'
import { bytes, intervalSchema, none, round, run } from './fields'
import { pairings } from './pairing'
import { accuraciesSchema, labelFreeSchema, measuresSchema } from './record'
import { runSummarySchema } from './run'

export const evaluationSchema = z.strictObject({
  checkpoint: z.string(),
  domain: domainSchema,
  pairing: z.array(z.int()),
  result: accuraciesSchema,
  /** 95 % interval of the accuracy (Wilson 1927): the uncertainty due to the number of test images. */
  interval: intervalSchema,
  /** One byte per image, in the domain's order: 1 if classified correctly, else 0. */
  right: bytes,
  /** Misclassified images, at most 200, with their predictions. */
  wrong: imagesSchema.extend({ predictions: z.array(z.int()) }),
  /** Features of at most 1,000 images, projected onto their two leading principal components. */
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
  /** How pixels are scaled for the networks of a file of another program, which does not say it. */
  pixels: pixelsSchema.optional(),
  /** Differences from the run's own unseen target, which is the default. */
  dataset: z.string().optional(),
  partition: z.enum(['original', 'pooled']).optional(),
  split: z.enum(['train', 'test']).optional(),
  classes: domainSchema.shape.classes.optional(),
  pairing: z.array(z.int()).optional(),
  count: z.union([z.literal('all'), z.int().min(1)]).optional(),
  shifts: domainSchema.shape.shifts.optional(),
  /** `target`: MT if the checkpoint has one, else MS. `source`: MS. */
  encoder: z.enum(['source', 'target']).default('target'),
})

export const contrastSchema = z.strictObject({
  domain: domainSchema,
  /** The pairings used for each side: its run's own, if none was requested. */
  pairings: z.tuple([z.array(z.int()), z.array(z.int())]),
  count: z.int(),
  /** Accuracies of `checkpoint` and of `against`. */
  accuracies: z.tuple([z.number(), z.number()]),
  /** Accuracy of the second minus that of the first, with its 95 % interval from the paired bootstrap. */
  difference: z.number(),
  low: z.number(),
  high: z.number(),
  /** Numbers of images that only the first, and only the second, classifies correctly. */
  onlyFirst: z.int(),
  onlySecond: z.int(),
  /** McNemar's exact two-sided test. */
  p: z.number(),
})
export type Contrast = z.infer<typeof contrastSchema>

/**
 * A run that is not counted because another run has the same seed. The same experiment with the same seed gives the
 * same run, so counting both would count one sample twice.
 */
const repeatSchema = z.strictObject({
  run,
  /** The run that is counted instead. */
  counted: run,
  /** Followed by the seeds of the domains if they are not 0. */
  seed: z.string(),
  /**
   * Whether both runs have the same accuracies, and if not, why: one of them has not finished, one is a branch of
   * another run, they were computed on different machinery, or nothing in the records explains it.
   */
  outcome: z.enum(['same', 'unfinished', 'branch', 'machinery', 'unexplained']),
  /** The fields of the machinery in which the two differ. */
  machinery: z.array(z.string()),
})
export type Repeat = z.infer<typeof repeatSchema>

const repeats = z.array(repeatSchema)

/** The exact test enumerates all signs of the differences, which more pairs would make too many. */
export const maxSeedPairs = 20

const both = z.tuple([z.number(), z.number()])

export const seedContrastSchema = z.strictObject({
  /** The unseen target of the first pair. */
  domain: domainSchema,
  /** The settings other than seeds in which the two sides differ: the subject of the comparison. */
  differences: z.array(z.strictObject({ setting: z.string(), values: z.array(z.unknown()) })),
  /** By seed; accuracies of the last round, each under the pairing of its own run. */
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
  /**
   * Mean over the pairs of the second side's accuracy minus the first's, and its standard deviation (null for one
   * pair).
   */
  difference: z.number(),
  deviation: z.number().nullable(),
  /** p of the exact sign-flip test over the pairs, and the smallest p possible with this number of pairs. */
  p: z.number(),
  minP: z.number(),
  /** Number of test images, and the 95 % interval of the difference over the images, with the seeds held fixed. */
  count: z.int(),
  low: z.number(),
  high: z.number(),
  /** Number of runs of each side that match another pairing than the chosen one. */
  otherWay: z.tuple([z.int(), z.int()]),
  repeats,
})
export type SeedContrast = z.infer<typeof seedContrastSchema>

/** Mean, sample standard deviation (null for one value), minimum and maximum over the seeds. */
const spreadSchema = z.strictObject({
  mean: z.number(),
  deviation: z.number().nullable(),
  least: z.number(),
  most: z.number(),
  /** Interval of the mean over the test images. */
  interval: intervalSchema,
})
export type Spread = z.infer<typeof spreadSchema>

/** Under the chosen pairing, null if the runs are divided into two groups, which no mean describes. */
const together = {
  /** Number of runs that match the chosen pairing, and number that match another one. */
  camps: z.strictObject({ chosen: z.int(), other: z.int() }),
  /** Number of target images and of unseen target images measured; null if there are none. */
  images: z.strictObject({ target: z.int().nullable(), unseen: z.int().nullable() }),
  target: spreadSchema.nullable(),
  bestPairing: spreadSchema.nullable(),
  unseen: spreadSchema.nullable(),
  unseenBest: spreadSchema.nullable(),
}

export const cardSchema = z.strictObject({
  /** The experiment of the first run; the others differ only in seeds and name. */
  experiment: experimentSchema,
  /** One run per seed. */
  runs: z.array(
    z.strictObject({
      run,
      /** Followed by the seeds of the domains if they are not 0. */
      seed: z.string(),
      before: z.number().nullable(),
      target: z.number().nullable(),
      bestPairing: z.number().nullable(),
      unseen: z.number().nullable(),
      unseenBest: z.number().nullable(),
      /** Estimated accuracy on the target without labels (src/contract/estimate.ts). */
      estimated: z.number().nullable(),
      /** Whether the best pairing is the chosen one; null before the first measurement. */
      fits: z.boolean().nullable(),
    }),
  ),
  repeats,
  ...together,
  /**
   * A table row after a comment with the column names: method, task, seeds, then target and unseen target, each by
   * chosen and by best pairing, the unseen target with the interval over its images.
   */
  latex: z.string(),
  /** Entries for all references of the method, its own paper first. */
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
      /** The newest run, and those that differ from it only in their seeds. */
      runs: z.array(run).min(1),
      repeats,
      /** Finished runs of this method and pair with other settings, excluded from the figures. */
      leftOut: z.int(),
      /** The pairing under which its figures are meaningful for the method. */
      pairing: z.enum(pairings),
      ...together,
    }),
  ),
})
export type Matrix = z.infer<typeof matrixSchema>

export const validationSchema = z.strictObject({
  repeats,
  checkpoints: z.array(
    z.strictObject({ run, attempt: z.int().min(1), round, accuracy: z.number(), labelFree: labelFreeSchema }),
  ),
  /** One entry for each score that all of the runs have. */
  validators: z.array(
    z.strictObject({
      score: labelFreeSchema.keyof(),
      /** Whether a larger or a smaller value counts as better. */
      better: z.enum(['larger', 'smaller']),
      /**
       * Spearman's rank correlation with accuracy, signed so that 1 is a perfect order; null if either does not vary.
       */
      correlation: z.number().nullable(),
      /** Best accuracy of all checkpoints minus that of the checkpoint that the score would choose; 0 is perfect. */
      regret: z.number(),
      /** Index of that checkpoint; the first one in a tie. */
      chosen: z.int().min(0),
    }),
  ),
})
export type Validation = z.infer<typeof validationSchema>

export const judgingCommands = {
  evaluate: { input: evaluationOrderSchema, output: evaluationSchema },
  /** Compares two checkpoints on the same images, which are chosen as in `evaluate` for `checkpoint`. */
  contrast: {
    input: evaluationOrderSchema.extend({ against: z.string() }),
    output: contrastSchema,
  },
  /**
   * Compares two methods by finished runs, paired by seed, on the same unseen target images. Within a side only seeds
   * differ.
   */
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
      /** Only the settings that differ: dotted path and one value per run; null if the run has no such setting. */
      differences: z.array(z.strictObject({ setting: z.string(), values: z.array(z.unknown()) })),
      curves: z.array(z.array(z.strictObject({ round, measures: measuresSchema }))),
      /** Runs among these that repeat the seed of another one: they are shown, but not counted as samples. */
      repeats,
    }),
  },
  /**
   * How well each score without labels would have chosen among all measured rounds of these runs, by accuracy on the
   * target's training images. The last rounds of rejected attempts are included.
   */
  validators: {
    input: z.strictObject({
      runs: z.array(run).min(1).max(100),
      pairing: z.enum(pairings).default('best'),
    }),
    output: validationSchema,
  },
  /** Figures and references to quote for a run, or for several that differ only in their seeds. */
  card: { input: z.strictObject({ runs: z.array(run).min(1).max(1000) }), output: cardSchema },
  matrix: { input: none, output: matrixSchema },
} as const
