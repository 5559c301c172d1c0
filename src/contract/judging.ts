/** What is computed from finished training: evaluations, comparisons, cards, the scores without labels. */
import { z } from 'zod'
import { imagesSchema } from './dataset'
import { domainSchema, experimentSchema } from './experiment'
import { bytes, intervalSchema, none, round, run } from './fields'
import { pairings } from './pairing'
import { accuraciesSchema, labelFreeSchema, measuresSchema } from './record'
import { runSummarySchema } from './run'

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

export const judgingCommands = {
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
} as const
